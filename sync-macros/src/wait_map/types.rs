//! Types that cannot stand in a struct, and parameters without use.

use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::{GenericParam, ParenthesizedGenericArguments, Type, TypeFnPtr, TypeReference, visit::Visit};

use crate::{
    diag::Errors,
    queue_owner::{
        generics::{LOCK, Params},
        mention::{first_mention, mentions},
    },
};

/// Reports parts of `ty` that may not stand in a struct; returns whether there are none.
pub(super) fn check_kept(ty: &Type, word: &str, errors: &mut Errors) -> bool {
    let mut visitor = Unnameable { word, found: Vec::new() };
    visitor.visit_type(ty);
    let fine = visitor.found.is_empty();
    visitor.found.into_iter().for_each(|error| errors.push(error));
    check_name(ty, word, errors) && fine
}

/// Reports the name of the raw lock in `ty`; returns whether it is not there.
pub(super) fn check_name(ty: &Type, word: &str, errors: &mut Errors) -> bool {
    let Some(lock) = first_mention(&ty.to_token_stream(), &syn::Ident::new(LOCK, Span::call_site())) else {
        return true;
    };
    errors.at(
        lock,
        format!(
            "here `Lock` would be the raw lock, the parameter that `#[wait_map]` adds: give the {word} a \
             type of another name, by `use … as …` if need be"
        ),
    );
    false
}

/// Finds what a struct's field may not have in its type.
struct Unnameable<'a> {
    word: &'a str,
    found: Vec<syn::Error>,
}

impl<'ast> Visit<'ast> for Unnameable<'_> {
    fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
        if reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident == "_") {
            let word = self.word;
            self.found.push(syn::Error::new_spanned(
                reference.and_token,
                format!(
                    "the {word} is kept beyond the call, so its reference needs a lifetime with a name: \
                     write `&'static …`, or `&'a …` with `'a` among the struct's parameters"
                ),
            ));
        }
        syn::visit::visit_type_reference(self, reference);
    }

    fn visit_type_impl_trait(&mut self, ty: &'ast syn::TypeImplTrait) {
        let word = self.word;
        self.found.push(syn::Error::new_spanned(
            ty.impl_token,
            format!("the {word} needs a type that has a name: make it a parameter of the struct"),
        ));
    }

    fn visit_type_infer(&mut self, ty: &'ast syn::TypeInfer) {
        let word = self.word;
        self.found.push(syn::Error::new_spanned(ty, format!("the {word} needs a type that has a name")));
    }

    // Inside these, a lifetime may be left out.
    fn visit_type_fn_ptr(&mut self, _: &'ast TypeFnPtr) {}
    fn visit_parenthesized_generic_arguments(&mut self, _: &'ast ParenthesizedGenericArguments) {}
}

/// Reports the type and lifetime parameters that neither the key nor the value mentions; returns whether
/// there are none.
pub(super) fn all_used(params: &Params, key: &Type, value: Option<&Type>, errors: &mut Errors) -> bool {
    let tokens = quote!(#key #value);
    let mut all = true;
    for param in &params.0.params {
        let (name, ident) = match param {
            GenericParam::Type(param) => (param.ident.to_token_stream(), &param.ident),
            GenericParam::Lifetime(param) => (param.lifetime.to_token_stream(), &param.lifetime.ident),
            GenericParam::Const(_) => continue,
        };
        if !mentions(&tokens, ident) {
            all = false;
            let is =
                if value.is_some() { "is neither in the key nor in the value" } else { "is not in the key" };
            errors.at(&name, format!("`{name}` {is}: use it there, or remove it"));
        }
    }
    all
}
