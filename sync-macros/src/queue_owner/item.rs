//! The item that the attribute stands on: it should be a unit struct.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{
    Attribute, Fields, GenericParam, Generics, Ident, Item, Meta, Token, Visibility, ext::IdentExt,
    punctuated::Punctuated,
};

use super::generics::LOCK;
use crate::diag::Errors;

/// What is taken over from the item.
pub(crate) struct Subject {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    /// The user's own where there is one, so that rustc points at that line and not at the attribute.
    pub(crate) struct_token: Token![struct],
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
}

impl Subject {
    fn new(attrs: Vec<Attribute>, vis: Visibility, keyword: Span, ident: Ident, generics: Generics) -> Self {
        Self { attrs, vis, struct_token: Token![struct](keyword), ident, generics }
    }
}

/// Reads the item that `of` (the macro's name) stands on.
///
/// An enum, a union or a struct with fields is reported and then treated as if it were a unit struct,
/// so that the type is there for the code that uses it. Any other item is handed back as it stands.
pub(crate) fn read(of: &str, item: TokenStream, errors: &mut Errors) -> Result<Subject, TokenStream> {
    let parsed = match syn::parse2::<Item>(item.clone()) {
        Ok(parsed) => parsed,
        Err(error) => {
            errors.push(error);
            return Err(item);
        }
    };
    let subject = match parsed {
        Item::Struct(it) => {
            check_fields(of, &it.ident, &it.fields, errors);
            Subject::new(it.attrs, it.vis, it.struct_token.span, it.ident, it.generics)
        }
        Item::Enum(it) => {
            errors.at(it.enum_token, wrong_kind(of, &it.ident));
            Subject::new(it.attrs, it.vis, it.enum_token.span, it.ident, it.generics)
        }
        Item::Union(it) => {
            errors.at(it.union_token, wrong_kind(of, &it.ident));
            Subject::new(it.attrs, it.vis, it.union_token.span, it.ident, it.generics)
        }
        other => {
            let message = format!("`#[{of}]` makes a type out of a unit struct: put it on `struct Name;`");
            errors.at_span(keyword(&other), message);
            return Err(item);
        }
    };
    Ok(without_misuse(of, subject, errors))
}

fn check_fields(of: &str, ident: &Ident, fields: &Fields, errors: &mut Errors) {
    let message = match of {
        "primitive" => format!(
            "a primitive's own data is its policy's `State`: write `struct {ident};` and put the fields there"
        ),
        _ => format!("a wait map has no fields of its own: write `struct {ident};`"),
    };
    match fields {
        Fields::Unit => {}
        Fields::Named(fields) => errors.at(fields, message),
        Fields::Unnamed(fields) => errors.at(fields, message),
    }
}

fn wrong_kind(of: &str, ident: &Ident) -> String {
    format!("`#[{of}]` makes a type out of a unit struct: write `struct {ident};`")
}

/// Where the item's first word is that is neither an attribute nor a visibility.
fn keyword(item: &Item) -> Span {
    let mut tokens = item.to_token_stream().into_iter().peekable();
    while let Some(token) = tokens.next() {
        let text = token.to_string();
        match text.as_str() {
            "#" => drop(tokens.next()),
            "pub" => drop(tokens.next_if(|next| matches!(next, proc_macro2::TokenTree::Group(_)))),
            _ => return token.span(),
        }
    }
    Span::call_site()
}

/// Reports what of the item the macro generates itself, and takes it out.
fn without_misuse(of: &str, mut subject: Subject, errors: &mut Errors) -> Subject {
    let params = core::mem::take(&mut subject.generics.params);
    subject.generics.params = params
        .into_iter()
        .filter(|param| {
            let ident = match param {
                GenericParam::Type(param) => &param.ident,
                GenericParam::Const(param) => &param.ident,
                GenericParam::Lifetime(_) => return true,
            };
            let clash = ident.unraw() == LOCK;
            if clash {
                errors.at(
                    ident,
                    format!("`#[{of}]` adds a last parameter `Lock`, the raw lock: remove this one, or name it otherwise"),
                );
            }
            !clash
        })
        .collect();
    subject.attrs.retain_mut(|attr| keep_derives(of, attr, errors));
    subject
}

/// Takes the derives out of `attr` that the macro implements itself; returns whether something is left.
fn keep_derives(of: &str, attr: &mut Attribute, errors: &mut Errors) -> bool {
    let Meta::List(list) = &mut attr.meta else { return true };
    if !list.path.is_ident("derive") {
        return true;
    }
    // A malformed list is rustc's to report.
    let Ok(derives) = list.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated) else {
        return true;
    };
    let kept: Punctuated<syn::Path, Token![,]> = derives
        .into_iter()
        .filter(|path| {
            let clash =
                path.segments.last().is_some_and(|last| last.ident == "Debug" || last.ident == "Default");
            if clash {
                let name = path.to_token_stream();
                errors.at(path, format!("`#[{of}]` implements `{name}` itself: remove it from the derives"));
            }
            !clash
        })
        .collect();
    list.tokens = kept.to_token_stream();
    !kept.is_empty()
}
