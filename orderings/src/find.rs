//! Finds the orderings of one file.
//!
//! `syn` says where an ordering is an argument of what; a count of the bare tokens says that it saw them all,
//! for it does not look into the arguments of macros. Imports and tests are left out by both.

use core::ops::Range;

use anyhow::{Context, Result, bail};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::site::{Order, Site};

/// The sites of one file, and the modules whose files are elsewhere.
pub(crate) fn sites(file: &str, text: &str, ignored_macros: &[String]) -> Result<(Vec<Site>, Vec<Module>)> {
    let parsed = syn::parse_file(text).with_context(|| format!("cannot parse {file}"))?;
    let mut search = Search { file, ..Search::default() };
    search.visit_file(&parsed);
    let Search { mut sites, modules, seen, problems, .. } = search;
    if let Some(problem) = problems.first() {
        bail!("{file}: {problem}");
    }
    let tokens = text.parse().ok().with_context(|| format!("cannot tokenise {file}"))?;
    let tokens = count(tokens, ignored_macros);
    if tokens != seen {
        bail!(
            "{file} has {tokens} tokens that are called like an ordering, of which only {seen} are seen: the others \
             are in the arguments of a macro, where nothing would weaken them"
        );
    }
    sites.sort_by_key(|site| site.bytes.start);
    number(&mut sites);
    Ok((sites, modules))
}

/// Tells those apart that would read the same.
fn number(sites: &mut [Site]) {
    for at in 1..sites.len() {
        let (before, site) = sites.split_at_mut(at);
        let same = |other: &&Site| {
            other.function == site[0].function
                && other.order == site[0].order
                && other.operation.split(", no. ").next() == Some(site[0].operation.as_str())
        };
        match before.iter().filter(same).count() {
            0 => {}
            earlier => site[0].operation = format!("{}, no. {}", site[0].operation, earlier + 1),
        }
    }
}

/// How many tokens are called like an ordering, outside of imports and tests.
fn count(tokens: TokenStream, ignored_macros: &[String]) -> usize {
    let mut sum = 0;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let skip = match &token {
            // Not the `use<'a>` of a bound.
            TokenTree::Ident(ident) if ident == "use" => {
                !matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '<')
            }
            TokenTree::Ident(ident) if ignored_macros.iter().any(|name| ident == name) => true,
            TokenTree::Group(group) => is_test(group.delimiter(), group.stream()),
            _ => false,
        };
        if skip {
            for token in tokens.by_ref() {
                match token {
                    TokenTree::Punct(punct) if punct.as_char() == ';' => break,
                    TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => break,
                    _ => {}
                }
            }
            continue;
        }
        match token {
            TokenTree::Ident(ident) => sum += usize::from(named(&ident).is_some()),
            TokenTree::Group(group) => sum += count(group.stream(), ignored_macros),
            _ => {}
        }
    }
    sum
}

/// Whether this is the `[cfg(test)]` of an attribute, however it is put.
fn is_test(delimiter: Delimiter, tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter();
    match (delimiter, tokens.next(), tokens.next()) {
        (Delimiter::Bracket, Some(TokenTree::Ident(ident)), Some(TokenTree::Group(group))) => {
            ident == "cfg" && only_tests(group.stream())
        }
        _ => false,
    }
}

/// Whether a condition holds in tests only: `test`, or `all(test, ...)`, but not `any(test, ...)`.
fn only_tests(condition: TokenStream) -> bool {
    let mut tokens = condition.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) if ident == "test" => return true,
            TokenTree::Ident(ident) => {
                if let Some(TokenTree::Group(group)) = tokens.next()
                    && ident == "all"
                    && only_tests(group.stream())
                {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

fn for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) => list.path.is_ident("cfg") && only_tests(list.tokens.clone()),
        _ => false,
    })
}

/// The file that `#[path = "file"]` names.
fn path_of(attribute: &syn::Attribute) -> Option<String> {
    match &attribute.meta {
        syn::Meta::NameValue(meta) if meta.path.is_ident("path") => match &meta.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// A module whose text is in another file.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) module: String,
    /// Where it says itself which.
    pub(crate) path: Option<String>,
}

#[derive(Debug, Default)]
struct Search<'s> {
    file: &'s str,
    /// The types and functions around.
    around: Vec<String>,
    sites: Vec<Site>,
    modules: Vec<Module>,
    /// Idents that are called like an ordering.
    seen: usize,
    problems: Vec<String>,
}

impl Search<'_> {
    fn within(&mut self, name: String, visit: impl FnOnce(&mut Self)) {
        self.around.push(name);
        visit(self);
        self.around.pop();
    }

    fn site(&mut self, order: Order, operation: String, bytes: Range<usize>, fence: bool) {
        let (file, function) = (self.file.to_owned(), self.around.join("::"));
        self.sites.push(Site { file, function, operation, order, bytes, fence });
    }

    /// The arguments of `callee`, some of which may be orderings.
    fn arguments(
        &mut self,
        callee: &str,
        call: Range<usize>,
        arguments: &Punctuated<syn::Expr, syn::Token![,]>,
    ) {
        let orders = arguments.iter().filter(|argument| is_any_order(argument)).count();
        let mut place = 0;
        for argument in arguments {
            let Some(order) = order_of(argument) else {
                place += usize::from(is_any_order(argument));
                self.visit_expr(argument);
                continue;
            };
            let which = match (orders, place) {
                (1, _) => "",
                (2, 0) => ", success",
                (2, _) => ", failure",
                _ => {
                    self.problems.push(format!("`{callee}` has {orders} orderings: what are they for?"));
                    return;
                }
            };
            place += 1;
            self.seen += 1;
            let fence = callee == "fence";
            let bytes = if fence { call.clone() } else { argument.span().byte_range() };
            self.site(order, format!("`{callee}`{which}"), bytes, fence);
        }
    }
}

impl<'ast> Visit<'ast> for Search<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Mod(item) => &item.attrs,
            _ => &Vec::new(),
        };
        if !for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, _: &'ast syn::ItemUse) {}

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.content.is_none() {
            let path = module.attrs.iter().find_map(path_of);
            self.modules.push(Module { module: module.ident.to_string(), path });
        }
        visit::visit_item_mod(self, module);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let name = match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        };
        self.within(name.unwrap_or_else(|| "_".to_owned()), |this| visit::visit_item_impl(this, item));
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.within(item.ident.to_string(), |this| visit::visit_item_trait(this, item));
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.within(item.sig.ident.to_string(), |this| visit::visit_item_fn(this, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.within(item.sig.ident.to_string(), |this| visit::visit_impl_item_fn(this, item));
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.within(item.sig.ident.to_string(), |this| visit::visit_trait_item_fn(this, item));
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.visit_expr(&call.receiver);
        self.arguments(&call.method.to_string(), call.span().byte_range(), &call.args);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        self.visit_expr(&call.func);
        let callee = match &*call.func {
            syn::Expr::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        };
        self.arguments(&callee.unwrap_or_default(), call.span().byte_range(), &call.args);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        let expression = syn::Expr::Path(path.clone());
        if let Some(order) = order_of(&expression) {
            self.seen += 1;
            self.site(order, "as a value".to_owned(), path.span().byte_range(), false);
        } else {
            visit::visit_expr_path(self, path);
        }
    }

    fn visit_pat(&mut self, pattern: &'ast syn::Pat) {
        if let syn::Pat::Path(path) = pattern
            && is_order(&path.path)
        {
            self.problems.push("an ordering is matched on; this does not see what for".to_owned());
        }
        visit::visit_pat(self, pattern);
    }

    fn visit_ident(&mut self, ident: &'ast syn::Ident) {
        self.seen += usize::from(named(ident).is_some());
    }
}

/// `Acquire`, or `Ordering::Acquire` by whichever path; not `Change::Release`.
fn is_order(path: &syn::Path) -> bool {
    let mut from_the_end = path.segments.iter().rev();
    let named =
        from_the_end.next().is_some_and(|last| named(&last.ident).is_some() || last.ident == "Relaxed");
    named && from_the_end.next().is_none_or(|qualifier| qualifier.ident == "Ordering")
}

fn is_any_order(expression: &syn::Expr) -> bool {
    matches!(expression, syn::Expr::Path(path) if path.qself.is_none() && is_order(&path.path))
}

fn order_of(expression: &syn::Expr) -> Option<Order> {
    match expression {
        syn::Expr::Path(path) if is_any_order(expression) => named(&path.path.segments.last()?.ident),
        _ => None,
    }
}

fn named(ident: &syn::Ident) -> Option<Order> {
    Order::ALL.into_iter().find(|order| ident == &order.to_string())
}

#[cfg(test)]
mod tests;
