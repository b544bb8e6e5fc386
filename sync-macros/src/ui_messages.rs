//! The misuses in `ui-tests/ui`, expanded here too: the macros' messages and their places are those in the
//! `.stderr` files.
//!
//! The compiler takes a second for each; here all of them take one second together. What the compiler itself
//! says of an expansion is left to `ui-tests`.

use core::fmt;
use std::{fs, path::Path};

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Item, Meta, MetaList, Token, punctuated::Punctuated, spanned::Spanned, visit_mut::VisitMut,
};

use crate::{from_bits, layout, primitive, wait_map};

/// One message, with the line and the column that it points at, both counted from 1.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Message {
    line: usize,
    column: usize,
    text: String,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.text)
    }
}

type Messages = Vec<Message>;

/// Expands every item that the macros are on, and keeps what they report.
#[derive(Default)]
struct Expansion(Messages);

impl VisitMut for Expansion {
    fn visit_item_mut(&mut self, item: &mut Item) {
        // A macro sees the attributes after its own and not those before it, which are gone by then.
        while let Some(at) = attributes(item).and_then(|all| all.iter().position(is_ours)) {
            let attribute = attributes(item).expect("it has some").remove(at);
            let rest = item.to_token_stream();
            self.expand(&attribute, rest);
        }
        if let Some(derive) = attributes(item).and_then(|all| all.iter().find(|one| derives(one)).cloned()) {
            let rest = item.to_token_stream();
            self.collect(from_bits::derive(rest), derived_at(&derive));
        }
        syn::visit_mut::visit_item_mut(self, item);
    }
}

impl Expansion {
    fn expand(&mut self, attribute: &Attribute, item: TokenStream) {
        let args = match &attribute.meta {
            Meta::List(MetaList { tokens, .. }) => tokens.clone(),
            Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
        };
        let tokens = match name(attribute).as_str() {
            "bitfield" => layout::bitfield(args, item),
            "primitive" => primitive::primitive(args, item),
            _ => wait_map::wait_map(args, item),
        };
        self.collect(tokens, attribute.span());
    }

    /// Collects the `compile_error!`s; those of no token of the user's are at `call`.
    fn collect(&mut self, tokens: TokenStream, call: Span) {
        let mut start = None;
        let mut name = String::new();
        for tree in tokens {
            match tree {
                TokenTree::Group(group) if name == "compile_error" => {
                    let text: syn::LitStr = syn::parse2(group.stream()).expect("a message");
                    let span: Span = start.expect("the macro's name is before its argument");
                    // What has no place in the file begins at 1:0 of no file; no token of an item does.
                    let span = if span.start().line == 1 && span.end().column == 0 { call } else { span };
                    let at = span.start();
                    self.0.push(Message { line: at.line, column: at.column + 1, text: text.value() });
                    name.clear();
                }
                TokenTree::Group(group) => self.collect(group.stream(), call),
                TokenTree::Ident(ident) => {
                    start = Some(ident.span());
                    name = ident.to_string();
                }
                TokenTree::Punct(_) => {}
                TokenTree::Literal(_) => name.clear(),
            }
        }
    }
}

fn attributes(item: &mut Item) -> Option<&mut Vec<Attribute>> {
    match item {
        Item::Const(item) => Some(&mut item.attrs),
        Item::Enum(item) => Some(&mut item.attrs),
        Item::Fn(item) => Some(&mut item.attrs),
        Item::Impl(item) => Some(&mut item.attrs),
        Item::Mod(item) => Some(&mut item.attrs),
        Item::Struct(item) => Some(&mut item.attrs),
        Item::Trait(item) => Some(&mut item.attrs),
        Item::Type(item) => Some(&mut item.attrs),
        Item::Union(item) => Some(&mut item.attrs),
        _ => None,
    }
}

/// The last part of an attribute's path.
fn name(attribute: &Attribute) -> String {
    attribute.path().segments.last().expect("a path is not empty").ident.to_string()
}

fn is_ours(attribute: &Attribute) -> bool {
    ["bitfield", "primitive", "wait_map"].contains(&name(attribute).as_str())
}

fn derived(attribute: &Attribute) -> Option<syn::Path> {
    let list = attribute.meta.require_list().ok().filter(|list| list.path.is_ident("derive"))?;
    let list = list.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated).ok()?;
    list.into_iter().find(|path| path.segments.last().is_some_and(|last| last.ident == "FromBits"))
}

fn derives(attribute: &Attribute) -> bool {
    derived(attribute).is_some()
}

fn derived_at(attribute: &Attribute) -> Span {
    derived(attribute).map_or_else(Span::call_site, |path| path.span())
}

/// The compiler's errors without a code, which are those of `compile_error!`.
fn in_stderr(text: &str) -> Messages {
    let mut messages = Messages::new();
    let mut message = None::<String>;
    for line in text.lines() {
        if let Some(text) = line.strip_prefix("error: ") {
            message = Some(text.to_owned());
        } else if let Some((_, place)) = line.split_once("--> ") {
            let Some(text) = message.take() else { continue };
            let mut place = place.rsplit(':').map(|number| number.parse::<usize>().expect("a place"));
            let (column, line) = (place.next(), place.next());
            messages.push(Message { line: line.expect("a line"), column: column.expect("a column"), text });
        } else if let Some(text) = &mut message {
            text.push('\n');
            text.push_str(line.trim_start());
        }
    }
    messages
}

/// Expands the cases of one folder and compares; there are at least `minimum`.
fn check(folder: &str, minimum: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui-tests/ui").join(folder);
    let mut cases = 0;
    for entry in fs::read_dir(&path).expect("the folder is part of the repository") {
        let path = entry.expect("the folder can be read").path();
        if path.extension().is_none_or(|end| end != "rs") {
            continue;
        }
        cases += 1;
        let read = |path: &Path| fs::read_to_string(path).expect("a file of the repository");
        let mut file = syn::parse_file(&read(&path)).expect("the cases are Rust");
        let mut expansion = Expansion::default();
        expansion.visit_file_mut(&mut file);
        let Expansion(mut here) = expansion;
        let mut printed = in_stderr(&read(&path.with_extension("stderr")));
        here.sort();
        printed.sort();
        assert_eq!(here, printed, "{}", path.display());
    }
    assert!(cases >= minimum, "{folder} has {cases} cases and must have {minimum}");
}

#[test]
fn misuses_of_bitfield() {
    check("bitfield", 30);
}

#[test]
fn misuses_of_from_bits() {
    check("from_bits", 12);
}

#[test]
fn misuses_of_primitive() {
    check("primitive", 34);
}

#[test]
fn misuses_of_wait_map() {
    check("wait_map", 50);
}
