//! The user's generic parameters with the raw lock appended.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericParam, Generics, Ident, Lifetime, WherePredicate};

use super::mention::mentions;

/// The name of the parameter that is appended.
pub(crate) const LOCK: &str = "Lock";

/// The parameters of the struct as the user wrote them; the lock comes after them.
pub(crate) struct Params(pub(crate) Generics);

impl Params {
    /// `<'a, T: Bound = D, Lock = DefaultMutex>`, for the struct, whose name is `ident`.
    pub(crate) fn declared(&self, ident: &Ident, default: &TokenStream) -> TokenStream {
        let user = self.0.params.iter();
        quote_spanned!(self.end(ident)=> <#(#user,)* Lock = #default>)
    }

    /// Where the head of the struct named `ident` ends.
    pub(crate) fn end(&self, ident: &Ident) -> Span {
        self.0.gt_token.map_or_else(|| ident.span(), |gt| gt.span)
    }

    /// `'first, 'a, T: Bound = D, Lock = DefaultMutex`, for the struct of a future.
    pub(crate) fn declared_after(&self, first: &[Lifetime], default: &TokenStream) -> TokenStream {
        let user = self.0.params.iter();
        quote!(#(#first,)* #(#user,)* Lock = #default)
    }

    /// `'first, 'a, T: Bound, Lock`, for an `impl` of it.
    pub(crate) fn implemented_after(&self, first: &[Lifetime]) -> TokenStream {
        let user = self.without_defaults();
        quote!(#(#first,)* #(#user,)* Lock)
    }

    /// `'first, 'a, T, Lock`, for naming it.
    pub(crate) fn args_after(&self, first: &[Lifetime]) -> TokenStream {
        let user = self.0.params.iter().map(named);
        quote!(#(#first,)* #(#user,)* Lock)
    }

    /// The predicates of [`where_clause`](Self::where_clause), each with a comma.
    pub(crate) fn predicates(&self, more: &[WherePredicate]) -> TokenStream {
        let user = self.0.where_clause.iter().flat_map(|clause| &clause.predicates);
        let all = user.chain(more);
        quote!(#(#all,)*)
    }

    /// The parameters, as an `impl` has them.
    fn without_defaults(&self) -> impl Iterator<Item = TokenStream> {
        self.0.params.iter().cloned().map(|mut param| {
            match &mut param {
                GenericParam::Type(param) => param.default = None,
                GenericParam::Const(param) => param.default = None,
                GenericParam::Lifetime(_) => {}
            }
            param.into_token_stream()
        })
    }

    /// `<'a, T: Bound, Lock>`, for an `impl`.
    pub(crate) fn implemented(&self, lock: Option<&TokenStream>) -> TokenStream {
        list(self.without_defaults(), lock.cloned())
    }

    /// `<'a, T, Lock>`, for naming the type.
    pub(crate) fn args(&self, first: &[Lifetime], lock: &TokenStream) -> TokenStream {
        let user = self.0.params.iter().map(named);
        list(first.iter().map(ToTokens::to_token_stream).chain(user), Some(lock.clone()))
    }

    /// The user's `where` clause and `more`.
    pub(crate) fn where_clause(&self, more: &[WherePredicate]) -> Option<TokenStream> {
        let user = self.0.where_clause.iter().flat_map(|clause| &clause.predicates);
        let all: Vec<_> = user.chain(more).collect();
        (!all.is_empty()).then(|| quote!(where #(#all),*))
    }

    /// `wanted`, or a name like it that no lifetime of the user's has, here or in `also`.
    pub(crate) fn fresh_lifetime(&self, wanted: &str, also: &[TokenStream]) -> Lifetime {
        let taken = |name: &str| {
            let name = Ident::new(name, Span::call_site());
            mentions(&self.0.to_token_stream(), &name)
                || mentions(&self.0.where_clause.to_token_stream(), &name)
                || also.iter().any(|tokens| mentions(tokens, &name))
        };
        let mut name = wanted.to_owned();
        while taken(&name) {
            name = format!("__sync_{name}");
        }
        Lifetime::new(&format!("'{name}"), Span::call_site())
    }

    /// `wanted`, or a name like it that none of the user's type or const parameters has.
    pub(crate) fn fresh_type(&self, wanted: &str, also: &[TokenStream]) -> Ident {
        let mut name = wanted.to_owned();
        loop {
            let ident = Ident::new(&name, Span::call_site());
            let taken = mentions(&self.0.to_token_stream(), &ident)
                || mentions(&self.0.where_clause.to_token_stream(), &ident)
                || also.iter().any(|tokens| mentions(tokens, &ident));
            if !taken {
                return ident;
            }
            name = format!("__Sync{name}");
        }
    }

    /// A type that mentions every parameter, can be compared, and holds nothing.
    pub(crate) fn held(&self) -> TokenStream {
        let held = self.0.params.iter().map(|param| match param {
            GenericParam::Type(param) => {
                let ident = &param.ident;
                quote!(::core::marker::PhantomData<#ident>)
            }
            GenericParam::Lifetime(param) => {
                let lifetime = &param.lifetime;
                quote!(& #lifetime ())
            }
            GenericParam::Const(_) => quote!(()),
        });
        quote!(::core::marker::PhantomData<(#(#held,)*)>)
    }

    /// Returns whether `tokens` depend on a type or const parameter.
    pub(crate) fn reach(&self, tokens: &TokenStream) -> bool {
        self.0.params.iter().any(|param| match param {
            GenericParam::Type(param) => mentions(tokens, &param.ident),
            GenericParam::Const(param) => mentions(tokens, &param.ident),
            GenericParam::Lifetime(_) => false,
        })
    }
}

/// A parameter as an argument.
fn named(param: &GenericParam) -> TokenStream {
    match param {
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Const(param) => param.ident.to_token_stream(),
        GenericParam::Lifetime(param) => param.lifetime.to_token_stream(),
    }
}

/// `<a, b, last>`, or nothing when there is nothing in it.
fn list(params: impl Iterator<Item = TokenStream>, last: Option<TokenStream>) -> TokenStream {
    let all: Vec<_> = params.chain(last).collect();
    if all.is_empty() { TokenStream::new() } else { quote!(<#(#all),*>) }
}
