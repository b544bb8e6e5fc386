//! Writes what only the compiler can check, because it knows the types and the target.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Expr, ExprLit, Lit, spanned::Spanned};

use super::{
    check::constant,
    docs,
    expand::{Out, literal, marker},
    model::{Backing, Field, Kind, Width},
};

impl Out<'_> {
    /// The constant assertions about one field.
    pub(super) fn assertions(&self, index: usize, field: &Field) -> TokenStream {
        let Self { private, bits, layout, .. } = self;
        let word = &layout.ident;
        let span = field.width_span;
        let name = &field.name;
        let mut items = TokenStream::new();
        let target = match field.width {
            Width::Fixed(_) if layout.backing == Backing::Usize => field.end().filter(|&end| end > 16),
            Width::Rest => Some(field.lo + 1).filter(|&end| end > 16),
            Width::Fixed(_) => None,
        };
        if let Some(end) = target {
            let message =
                format!("`{name}` does not fit in the `usize` of this target: use `u64` for the word");
            let end = literal(end);
            items
                .extend(quote_spanned!(span=> const _: () = ::core::assert!(#end <= #bits::BITS, #message);));
        }
        if let (Kind::Int(Backing::Usize), Width::Fixed(width @ 17..)) = (field.kind, field.width) {
            let message = format!("`{name}` is wider than the `usize` of this target: make it a `u64`");
            let width = literal(width);
            items.extend(quote_spanned!(span=>
                const _: () = ::core::assert!(#width <= ::core::primitive::usize::BITS, #message);
            ));
        }
        if field.reserved {
            return items;
        }
        if field.kind == Kind::Custom {
            let marker = marker(index);
            let width = self.width(field);
            let ty = docs::type_name(field);
            let message = format!(
                "`{name}` is too narrow: `{ty}` needs more bits (its `FromBits::BITS`) than it is given here"
            );
            items.extend(quote_spanned!(span=>
                const _: () = ::core::assert!(#private::field::needed::<#marker>() <= #width, #message);
            ));
        }
        if self.pack(field).is_some() {
            let constant = constant(field);
            let mask = self.mask(field);
            let message = format!("the packing constant of `{name}` differs from the layout");
            items.extend(quote!(
                const _: () = ::core::assert!(#word::#constant.raw_mask() == #mask, #message);
            ));
        }
        if let Some(default) = field.default.as_ref().filter(|default| !is_literal(default)) {
            if self.can_overflow(field) {
                let message = format!("the default of `{name}` does not fit in its bits");
                let (ty, width) = (&field.ty, self.width(field));
                let value = if field.kind == Kind::Custom {
                    quote!((#default) as #bits as ::core::primitive::u128)
                } else {
                    quote!({ const DEFAULT: #ty = #default; DEFAULT as ::core::primitive::u128 })
                };
                let span = default.span();
                items.extend(quote_spanned!(span=>
                    const _: () = ::core::assert!(#value <= ::core::primitive::u128::MAX >> (128 - #width), #message);
                ));
            }
        }
        items
    }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(ExprLit { lit: Lit::Int(_) | Lit::Bool(_), .. }))
}
