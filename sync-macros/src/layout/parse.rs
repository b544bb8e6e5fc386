//! Reads the tokens of a `#[bitfield]`, without asking what they mean together.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Attribute, Expr, Fields, Ident, Item, LitInt, Meta, Token, Type, Visibility, spanned::Spanned};

use super::model::Backing;
use crate::{crate_path::CratePath, diag::Errors, list};

const BACKINGS: &str = "`u8`, `u16`, `u32`, `u64`, `u128` or `usize`";

/// What stands in the attribute's parentheses.
pub(super) struct Args {
    /// `None` when it was missing or wrong, which has been reported.
    pub(super) backing: Option<(Backing, Span)>,
    pub(super) atomic: Option<Ident>,
    pub(super) crate_path: CratePath,
}

impl Args {
    pub(super) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut args = Self { backing: None, atomic: None, crate_path: CratePath::default() };
        if tokens.is_empty() {
            errors.at_span(
                Span::call_site(),
                format_args!(
                    "a bitfield needs its integer: write `#[bitfield(usize)]`, or another of {BACKINGS}"
                ),
            );
            return args;
        }
        let mut first = true;
        let mut seen = list::Seen::default();
        list::each(tokens, errors, |input, errors| {
            let is_first = core::mem::take(&mut first);
            let name = list::name(input)?;
            let text = name.to_string();
            if !input.peek(Token![=]) {
                return args.integer(&name, is_first, errors);
            }
            input.parse::<Token![=]>()?;
            if is_first {
                errors.at(
                    &name,
                    format_args!("the integer comes first: write `#[bitfield(usize, {text} = …)]`"),
                );
            }
            match text.as_str() {
                "atomic" => {
                    seen.once("`atomic`", name.span(), errors);
                    let expected = "expected a name for the atomic type: write `atomic = AtomicState`";
                    let atomic = input.parse().map_err(|error| syn::Error::new(error.span(), expected))?;
                    args.atomic = Some(atomic);
                }
                "crate" => {
                    seen.once("`crate`", name.span(), errors);
                    args.crate_path = input.parse()?;
                }
                _ => {
                    errors.at(&name, unknown_argument(&text));
                    // Whatever its value is, it is not ours to judge.
                    input.parse::<Expr>()?;
                }
            }
            Ok(())
        });
        args
    }

    fn integer(&mut self, name: &Ident, is_first: bool, errors: &mut Errors) -> syn::Result<()> {
        let text = name.to_string();
        let known = Backing::of(&text);
        if !is_first {
            let message = match (known, text.as_str()) {
                (Some(_), _) => "a bitfield has one integer; remove this one".to_owned(),
                (None, "atomic") => "name the atomic type: write `atomic = AtomicState`".to_owned(),
                (None, "crate") => "name the path of sync-core: write `crate = path`".to_owned(),
                (None, _) => unknown_argument(&text),
            };
            return Err(syn::Error::new(name.span(), message));
        }
        self.backing = known.map(|backing| (backing, name.span()));
        if known.is_none() {
            let message = match Backing::of_signed(&text) {
                Some(int) => {
                    let unsigned = int.name();
                    format!("the integer of a bitfield is unsigned: use `{unsigned}` instead of `{text}`")
                }
                None => format!("`{text}` is not an integer for a bitfield; use {BACKINGS}"),
            };
            errors.at(name, message);
        }
        Ok(())
    }
}

fn unknown_argument(name: &str) -> String {
    format!("unknown argument `{name}`; the arguments are the integer, `atomic = Name` and `crate = path`")
}

/// The struct under the attribute.
pub(super) struct Word {
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) ident: Ident,
    pub(super) fields: Vec<RawField>,
}

/// A field as it was written.
pub(super) struct RawField {
    /// All attributes but `#[bits]`.
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) ident: Ident,
    pub(super) ty: Type,
    pub(super) bits: BitsAttr,
}

/// `#[bits(…)]`.
#[derive(Default)]
pub(super) struct BitsAttr {
    pub(super) width: Option<RawWidth>,
    pub(super) counter: Option<Span>,
    pub(super) default: Option<(Span, Expr)>,
    /// Something in it could not be read, which has been reported.
    pub(super) broken: bool,
}

/// `2` or `..`.
#[derive(Clone, Copy)]
pub(super) enum RawWidth {
    Number(u32, Span),
    Rest(Span),
}

impl Word {
    /// Returns the struct, or, for what cannot be a word, the item as it was, without our attributes.
    pub(super) fn parse(tokens: TokenStream, errors: &mut Errors) -> Result<Self, TokenStream> {
        let item = match syn::parse2::<Item>(tokens) {
            Ok(item) => item,
            Err(error) => {
                errors.push(error);
                return Err(TokenStream::new());
            }
        };
        let Item::Struct(mut item) = item else {
            let (what, at) = match &item {
                Item::Enum(item) => ("an enum", item.enum_token.span),
                Item::Union(item) => ("a union", item.union_token.span),
                other => ("this", other.span()),
            };
            errors.at_span(
                at,
                format_args!(
                    "`#[bitfield]` needs a struct with named fields, not {what}; `#[derive(FromBits)]` makes \
                     an enum a field of one"
                ),
            );
            return Err(item.into_token_stream());
        };
        let mut usable = true;
        if !item.generics.params.is_empty() || item.generics.where_clause.is_some() {
            let message = "a bitfield cannot be generic: its layout is fixed; remove the parameters";
            match &item.generics.where_clause {
                Some(clause) if item.generics.params.is_empty() => errors.at(clause, message),
                _ => errors.at(&item.generics, message),
            }
            usable = false;
        }
        match &item.fields {
            Fields::Named(_) => {}
            Fields::Unnamed(fields) => {
                errors.at(fields, "the fields of a bitfield have names: write `{ name: type, … }`");
                usable = false;
            }
            Fields::Unit => {
                errors.at(&item.ident, "a bitfield needs fields: write `{ name: type, … }`");
                usable = false;
            }
        }
        if !usable {
            for field in &mut item.fields {
                field.attrs.retain(|attr| !attr.path().is_ident("bits"));
            }
            return Err(item.into_token_stream());
        }
        if item.fields.is_empty() {
            errors.at(&item.ident, "a bitfield needs at least one field");
        }
        let fields = item.fields.into_iter().filter_map(|field| RawField::parse(field, errors)).collect();
        Ok(Self { attrs: item.attrs, vis: item.vis, ident: item.ident, fields })
    }
}

impl RawField {
    fn parse(field: syn::Field, errors: &mut Errors) -> Option<Self> {
        let modifiers = field.modifiers.require_empty();
        errors.ok(modifiers);
        if let Some((eq, _)) = &field.default {
            errors.at(eq, "write a field's default as `#[bits(…, default = …)]`");
        }
        let mut bits = None;
        let mut attrs = Vec::new();
        for attr in field.attrs {
            if attr.path().is_ident("bits") {
                if bits.is_some() {
                    errors.at(attr.path(), "`#[bits]` is given twice; put everything into one");
                    continue;
                }
                bits = Some(BitsAttr::parse(&attr, errors));
            } else if attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr") {
                errors.at(
                    &attr.meta,
                    "a field and its `#[bits]` cannot be conditional: the layout must be the same in every \
                     build; put the `cfg` on two whole structs",
                );
            } else {
                attrs.push(attr);
            }
        }
        let bits = bits.unwrap_or_default();
        field.ident.map(|ident| Self { attrs, vis: field.vis, ident, ty: field.ty, bits })
    }
}

impl BitsAttr {
    fn parse(attr: &Attribute, errors: &mut Errors) -> Self {
        let mut bits = Self::default();
        let Meta::List(list) = &attr.meta else {
            errors.at(
                &attr.meta,
                "say how many: write `#[bits(2)]`, or `#[bits(..)]` for the rest of the word",
            );
            bits.broken = true;
            return bits;
        };
        if list.tokens.is_empty() {
            errors.at(list, "say how many: write `#[bits(2)]`, or `#[bits(..)]` for the rest of the word");
            bits.broken = true;
        }
        let mut seen = list::Seen::default();
        let mut broken = false;
        list::each(list.tokens.clone(), errors, |input, errors| {
            // Unless this item comes to its end.
            let before = core::mem::replace(&mut broken, true);
            if input.peek(Token![..]) {
                let dots: Token![..] = input.parse()?;
                seen.once("the number of bits", dots.span(), errors);
                bits.width = Some(RawWidth::Rest(dots.span()));
            } else if input.peek(LitInt) {
                let literal: LitInt = input.parse()?;
                seen.once("the number of bits", literal.span(), errors);
                bits.width = Some(RawWidth::Number(literal.base10_parse()?, literal.span()));
            } else {
                let name = list::name(input).map_err(|error| {
                    syn::Error::new(
                        error.span(),
                        "expected a number of bits, `..`, `counter` or `default = …`",
                    )
                })?;
                match name.to_string().as_str() {
                    "counter" => {
                        seen.once("`counter`", name.span(), errors);
                        bits.counter = Some(name.span());
                    }
                    "default" => {
                        seen.once("`default`", name.span(), errors);
                        input.parse::<Token![=]>()?;
                        bits.default = Some((name.span(), input.parse()?));
                    }
                    other => {
                        return Err(syn::Error::new(
                            name.span(),
                            format_args!(
                                "unknown argument `{other}`; the arguments of `#[bits]` are a number of bits \
                                 or `..`, `counter` and `default = …`"
                            ),
                        ));
                    }
                }
            }
            broken = before;
            Ok(())
        });
        bits.broken |= broken;
        bits
    }
}
