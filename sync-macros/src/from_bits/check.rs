//! Makes the model of an enum and finds every mistake in it.

use syn::{Expr, ExprLit, Fields, Lit};

use super::{
    model::{Enum, Variant},
    parse::{Input, RawVariant},
};
use crate::diag::Errors;

const REPRS: [&str; 5] = ["u8", "u16", "u32", "u64", "usize"];

pub(super) fn check(input: Input, errors: &mut Errors) -> Enum {
    if input.variants.is_empty() {
        // Not the missing `repr`, which the compiler does not allow on such an enum.
        errors.at(&input.ident, "an enum without variants has no value that bits could stand for; add one");
    } else {
        check_repr(&input, errors);
    }
    let mut variants = Vec::new();
    let mut fallback: Option<(usize, String)> = None;
    let mut next = Some(0);
    for (index, raw) in input.variants.iter().enumerate() {
        let ident = raw.variant.ident.clone();
        if !matches!(raw.variant.fields, Fields::Unit) {
            errors.at(
                &raw.variant.fields,
                format_args!("`{ident}` cannot carry data, since its bits are its discriminant alone; remove the fields"),
            );
        }
        if let Some(span) = raw.fallback {
            match &fallback {
                Some((_, first)) => errors.at_span(
                    span,
                    format_args!("`{first}` is the fallback already; remove one of the two `#[fallback]`"),
                ),
                None => fallback = Some((index, ident.to_string())),
            }
        }
        let bits = match raw.discriminant() {
            Some(_) => discriminant(raw, errors),
            None => next,
        };
        next = bits.and_then(|bits| bits.checked_add(1));
        if let Some(bits) = bits {
            variants.push(Variant { ident, bits });
        }
    }
    let width = width(&input, &variants, errors);
    Enum {
        crate_path: input.crate_path,
        ident: input.ident,
        generics: input.generics,
        variants,
        fallback: fallback.map(|(index, _)| index),
        width,
        stub: !errors.is_empty(),
    }
}

fn check_repr(input: &Input, errors: &mut Errors) {
    let Some(repr) = &input.repr else {
        errors.at(
            &input.ident,
            format_args!("`{}` needs an integer representation: write `#[repr(u8)]` above it", input.ident),
        );
        return;
    };
    let name = repr.to_string();
    if REPRS.contains(&name.as_str()) {
        return;
    }
    let unsigned = name.replacen('i', "u", 1);
    if REPRS.contains(&unsigned.as_str()) {
        errors.at(
            repr,
            format_args!("bits have no sign: use `#[repr({unsigned})]` instead of `#[repr({name})]`"),
        );
    } else {
        errors.at(repr, "the representation is `u8`, `u16`, `u32`, `u64` or `usize`");
    }
}

/// The value of a discriminant that is written as a number.
fn discriminant(raw: &RawVariant, errors: &mut Errors) -> Option<u128> {
    let expr = raw.discriminant()?;
    let value = number(expr);
    if value.is_none() {
        let name = &raw.variant.ident;
        match expr {
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => {
                errors.at(expr, format_args!("bits have no sign: give `{name}` a number from 0 upwards"));
            }
            _ => errors.at(
                expr,
                format_args!(
                    "the macro has to know the value of `{name}`: write it as a number, such as `{name} = 2`"
                ),
            ),
        }
    }
    value
}

fn number(expr: &Expr) -> Option<u128> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Int(literal), .. }) => literal.base10_parse().ok(),
        Expr::Lit(ExprLit { lit: Lit::Byte(literal), .. }) => Some(literal.value().into()),
        Expr::Paren(paren) => number(&paren.expr),
        Expr::Group(group) => number(&group.expr),
        _ => None,
    }
}

/// What was declared, or what the largest discriminant needs.
fn width(input: &Input, variants: &[Variant], errors: &mut Errors) -> u32 {
    let largest = variants.iter().max_by_key(|variant| variant.bits);
    let needed = largest.map_or(1, |variant| (128 - variant.bits.leading_zeros()).max(1));
    let Some((declared, span)) = input.width else { return needed };
    if let Some(variant) = largest.filter(|_| declared < needed) {
        errors.at_span(
            span,
            format_args!(
                "`{} = {}` needs {needed} bit{}: write `#[bits({needed})]`, or leave it out",
                variant.ident,
                variant.bits,
                if needed == 1 { "" } else { "s" }
            ),
        );
        return needed;
    }
    let most = match &input.repr {
        Some(repr) => repr.to_string().trim_start_matches(['u', 'i']).parse().unwrap_or(64),
        None => 64,
    };
    if declared > most {
        errors.at_span(
            span,
            format_args!("the representation has {most} bits: declare no more, or use a wider one"),
        );
        return needed;
    }
    declared
}
