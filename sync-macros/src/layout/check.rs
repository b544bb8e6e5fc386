//! Makes the model of a layout and finds every mistake in it.

use std::collections::HashMap;

use proc_macro2::Span;
use quote::{ToTokens, format_ident};
use syn::{Attribute, Expr, ExprLit, Ident, Lit, Type, Visibility, ext::IdentExt, spanned::Spanned};

use super::{
    model::{Backing, Field, Kind, Layout, Width},
    parse::{Args, RawField, RawWidth, Word},
};
use crate::diag::Errors;

/// Traits that every word has.
const GENERATED: [&str; 4] = ["Clone", "Copy", "Debug", "Default"];

pub(super) fn check(args: Args, word: Word, errors: &mut Errors) -> Layout {
    let backing = args.backing.map_or(Backing::Usize, |(backing, _)| backing);
    check_attributes(&word.attrs, errors);
    if let Some(atomic) = &args.atomic {
        if *atomic == word.ident {
            errors.at(
                atomic,
                format_args!(
                    "`{atomic}` is the snapshot; give the atomic type another name, such as `Atomic{atomic}`"
                ),
            );
        }
        if backing == Backing::U128 {
            let at = args.backing.map_or_else(Span::call_site, |(_, span)| span);
            errors.at_span(at, "there is no 128-bit atomic: use `u64` or less, or remove `atomic`");
        }
    }
    let fields = BitAllocator::new(backing, args.backing.is_some(), &word.vis).place(word.fields, errors);
    check_names(&fields, errors);
    Layout {
        crate_path: args.crate_path,
        attrs: word.attrs,
        vis: word.vis,
        // Two types of one name would be a second error.
        atomic: args.atomic.filter(|atomic| *atomic != word.ident),
        ident: word.ident,
        backing,
        fields,
        stub: !errors.is_empty(),
    }
}

/// Complains about what the macro writes itself.
fn check_attributes(attrs: &[Attribute], errors: &mut Errors) {
    for attr in attrs {
        if attr.path().is_ident("repr") {
            errors.at(&attr.meta, "the macro writes `#[repr(transparent)]`; remove this");
        }
        if attr.path().is_ident("derive") {
            // A list that is not one of paths is for the compiler to judge.
            let _ = attr.parse_nested_meta(|meta| {
                let last = meta.path.segments.last().map(|segment| segment.ident.to_string());
                if let Some(name) = last.filter(|name| GENERATED.contains(&name.as_str())) {
                    errors.at(
                        &meta.path,
                        format_args!("`{name}` is generated already; remove it from the list"),
                    );
                }
                Ok(())
            });
        }
    }
}

/// Removes what [`check_attributes`] complained about, so that the compiler does not complain again.
pub(super) fn without_generated(attrs: &[Attribute]) -> Vec<Attribute> {
    let mut kept = Vec::new();
    for attr in attrs {
        if attr.path().is_ident("repr") {
            continue;
        }
        if attr.path().is_ident("derive") {
            let mut paths = Vec::new();
            let parsed = attr.parse_nested_meta(|meta| {
                let last = meta.path.segments.last().map(|segment| segment.ident.to_string());
                if !last.is_some_and(|name| GENERATED.contains(&name.as_str())) {
                    paths.push(meta.path);
                }
                Ok(())
            });
            if parsed.is_ok() {
                kept.push(syn::parse_quote!(#[derive(#(#paths),*)]));
                continue;
            }
        }
        kept.push(attr.clone());
    }
    kept
}

/// Gives each field its bits, from bit 0 upwards.
struct BitAllocator<'a> {
    backing: Backing,
    /// Whether the word's integer was given; otherwise the width is a guess, and nothing is reported about
    /// it.
    known: bool,
    vis: &'a Visibility,
    next: u32,
    /// Whether a field was too wide: what follows is too, and is not reported again.
    full: bool,
}

impl<'a> BitAllocator<'a> {
    fn new(backing: Backing, known: bool, vis: &'a Visibility) -> Self {
        Self { backing, known, vis, next: 0, full: false }
    }

    fn place(mut self, raw: Vec<RawField>, errors: &mut Errors) -> Vec<Field> {
        let last = raw.len().saturating_sub(1);
        raw.into_iter().enumerate().map(|(i, field)| self.field(field, i == last, errors)).collect()
    }

    fn field(&mut self, raw: RawField, is_last: bool, errors: &mut Errors) -> Field {
        let name = raw.ident.unraw().to_string();
        let reserved = name.starts_with('_');
        let kind = kind_of(&raw.ty, errors);
        let (width, width_span) = self.width(&raw, &name, kind, is_last, errors);
        let width = self.fit(width, width_span, &name, errors);
        check_counter(&raw, kind, errors);
        let default = check_default(&raw, kind, width, reserved, errors);
        let lo = self.next;
        if let Width::Fixed(width) = width {
            self.next += width;
        }
        Field {
            name,
            vis: match raw.vis {
                Visibility::Inherited => self.vis.clone(),
                own => own,
            },
            attrs: raw.attrs,
            ty: raw.ty,
            kind,
            lo,
            width,
            width_span,
            counter: raw.bits.counter.is_some() && matches!(kind, Kind::Int(_)),
            default,
            reserved,
            ident: raw.ident,
        }
    }

    /// The number of bits of the field.
    fn width(
        &mut self,
        raw: &RawField,
        name: &str,
        kind: Kind,
        is_last: bool,
        errors: &mut Errors,
    ) -> (Width, Span) {
        match raw.bits.width {
            Some(RawWidth::Rest(span)) => {
                if !is_last {
                    errors.at_span(
                        span,
                        format_args!("`..` is for the last field only: give `{name}` a number of bits"),
                    );
                    return (Width::Fixed(1), span);
                }
                (self.rest(span, name, kind, errors), span)
            }
            Some(RawWidth::Number(0, span)) => {
                errors.at_span(span, format_args!("`{name}` has no bits: give it at least 1"));
                (Width::Fixed(1), span)
            }
            Some(RawWidth::Number(width, span)) => {
                let most = match kind {
                    Kind::Bool => 1,
                    Kind::Int(int) => int.width(),
                    Kind::Custom => u32::MAX,
                };
                if width > most {
                    let ty = text(&raw.ty);
                    errors.at_span(
                        span,
                        format_args!(
                            "`{name}` is given {} and a `{ty}` has {most}: write `#[bits({most})]` or use a wider type",
                            count(width)
                        ),
                    );
                }
                (Width::Fixed(width.min(most)), span)
            }
            None => (self.natural(raw, name, kind, is_last, errors), raw.ty.span()),
        }
    }

    /// What is left of the word.
    fn rest(&mut self, span: Span, name: &str, kind: Kind, errors: &mut Errors) -> Width {
        let whole = self.backing.width();
        let left = whole.saturating_sub(self.next);
        if left == 0 {
            if self.known && !self.full {
                let word = self.backing.name();
                errors.at_span(
                    span,
                    format_args!("nothing is left for `{name}`: the fields before it fill the `{word}`"),
                );
            }
            self.full = true;
            return Width::Fixed(1);
        }
        let most = match kind {
            Kind::Bool => 1,
            Kind::Int(int) => int.width(),
            Kind::Custom => u32::MAX,
        };
        if self.known && left > most {
            errors.at_span(
                span,
                format_args!("`..` gives `{name}` {} and its type has {most}: write `#[bits({most})]` or use a wider type",
                    count(left)),
            );
            return Width::Fixed(most);
        }
        match self.backing {
            Backing::Usize => Width::Rest,
            _ => Width::Fixed(left),
        }
    }

    /// The width of a field that does not say it.
    fn natural(&self, raw: &RawField, name: &str, kind: Kind, is_last: bool, errors: &mut Errors) -> Width {
        if raw.bits.broken {
            // What was meant is not known; that has been reported.
            return Width::Fixed(1);
        }
        match kind {
            Kind::Bool => Width::Fixed(1),
            Kind::Int(Backing::Usize) if self.backing == Backing::Usize && self.next == 0 && is_last => {
                Width::Rest
            }
            Kind::Int(Backing::Usize) => {
                if self.known {
                    errors.at(
                        &raw.ty,
                        format_args!("a `usize` is 32 or 64 bits wide: give `{name}` a number of bits, or `#[bits(..)]` as the last field"),
                    );
                }
                Width::Fixed(1)
            }
            Kind::Int(int) => Width::Fixed(int.width()),
            Kind::Custom => {
                let ty = text(&raw.ty);
                errors.at(
                    &raw.ty,
                    format_args!("say how many bits `{name}` has: write `#[bits(n)] {name}: {ty}`"),
                );
                Width::Fixed(1)
            }
        }
    }

    /// Complains once when the word is too small.
    fn fit(&mut self, width: Width, span: Span, name: &str, errors: &mut Errors) -> Width {
        let whole = self.backing.width();
        match width {
            Width::Fixed(bits) if self.next.saturating_add(bits) > whole => {
                if self.known && !self.full {
                    let (lo, end, word) =
                        (self.next, u64::from(self.next) + u64::from(bits), self.backing.name());
                    let left = whole.saturating_sub(lo);
                    errors.at_span(
                        span,
                        format_args!(
                            "`{name}` needs {} ({lo}..{end}) and {left} of the `{word}`'s {whole} are left: \
                             make a field narrower or the word wider",
                            count(bits)
                        ),
                    );
                }
                self.full = true;
                // The stub has no bits that could overlap.
                self.next = self.next.min(whole - 1);
                Width::Fixed(1)
            }
            other => other,
        }
    }
}

fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

/// `1 bit` or `7 bits`.
fn count(bits: u32) -> String {
    if bits == 1 { "1 bit".to_owned() } else { format!("{bits} bits") }
}

/// What the field holds, by the name of its type.
fn kind_of(ty: &Type, errors: &mut Errors) -> Kind {
    let Some(name) = simple_name(ty) else { return Kind::Custom };
    if name == "bool" {
        return Kind::Bool;
    }
    if let Some(int) = Backing::of(&name) {
        return Kind::Int(int);
    }
    if let Some(int) = Backing::of_signed(&name) {
        let unsigned = int.name();
        errors.at(
            ty,
            format_args!("the integers of a bitfield are unsigned: use `{unsigned}` instead of `{name}`"),
        );
        return Kind::Int(int);
    }
    Kind::Custom
}

/// The name of a type that is one word.
fn simple_name(ty: &Type) -> Option<String> {
    match ty {
        // `<T>::bool` has two colons before its one word, and is no identifier either.
        Type::Path(path) => path.path.get_ident().map(Ident::to_string),
        Type::Group(group) => simple_name(&group.elem),
        _ => None,
    }
}

fn check_counter(raw: &RawField, kind: Kind, errors: &mut Errors) {
    let Some(span) = raw.bits.counter else { return };
    let ty = text(&raw.ty);
    match kind {
        // A signed one has been reported.
        Kind::Int(_) => {}
        _ => errors.at_span(
            span,
            format_args!("a counter is an unsigned integer, not a `{ty}`: use `u8` to `u64` or `usize`"),
        ),
    }
}

fn check_default(
    raw: &RawField,
    kind: Kind,
    width: Width,
    reserved: bool,
    errors: &mut Errors,
) -> Option<Expr> {
    let (span, default) = raw.bits.default.as_ref()?;
    if reserved {
        errors.at_span(
            *span,
            "reserved bits are zero: remove the default, or give the field a name without `_`",
        );
        return None;
    }
    if let (Expr::Lit(ExprLit { lit: Lit::Int(literal), .. }), Width::Fixed(width)) = (default, width) {
        let fits = literal.base10_parse::<u128>().is_ok_and(|value| width >= 128 || value >> width == 0);
        if !fits && kind != Kind::Bool {
            let most = if width >= 128 { u128::MAX } else { (1 << width) - 1 };
            let hold = if width == 1 { "holds" } else { "hold" };
            errors.at(literal, format_args!("the default does not fit: {} {hold} 0 to {most}", count(width)));
            return None;
        }
    }
    Some(default.clone())
}

/// Complains about a field that would generate a name that is there already.
fn check_names(fields: &[Field], errors: &mut Errors) {
    // By name: the field that it stems from, if it is not a name of every bitfield.
    let mut taken: HashMap<String, Option<&str>> =
        ["new", "from_bits", "bits"].map(|own| (own.to_owned(), None)).into();
    for field in fields.iter().filter(|field| !field.reserved) {
        let mut clash = None;
        for name in generated_names(field) {
            match taken.get(&name) {
                Some(&whose) => clash = clash.or(Some((name, whose))),
                None => {
                    taken.insert(name, Some(&field.name));
                }
            }
        }
        let own = &field.name;
        let message = match clash {
            None => continue,
            Some((_, Some(other))) if other == own => {
                format!("there is a field `{own}` already; rename one of the two")
            }
            Some((name, None)) => format!("every bitfield has a method `{name}`; rename the field"),
            Some((name, Some(other))) => {
                format!("`{own}` and `{other}` would both generate `{name}`; rename one of the two fields")
            }
        };
        errors.at(&field.ident, message);
    }
}

/// The names in the snapshot's `impl` that stem from this field.
fn generated_names(field: &Field) -> Vec<String> {
    let name = &field.name;
    let mut names =
        vec![name.clone(), format!("with_{name}"), format!("set_{name}"), constant(field).to_string()];
    if field.kind == Kind::Custom {
        names.push(format!("try_{name}"));
    }
    names
}

/// The name of the packing constant.
pub(super) fn constant(field: &Field) -> Ident {
    format_ident!("{}", field.name.to_uppercase(), span = field.ident.span())
}
