//! What `#[primitive]` and `#[wait_map]` keep of the user's struct.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Generics;

use super::generics::Params;
use crate::{diag::messages, wait_map::wait_map};

/// Parameters with a `where` clause.
fn params(params: &str, clause: &str) -> Params {
    let mut generics: Generics = syn::parse_str(params).expect("parameters");
    generics.where_clause = (!clause.is_empty()).then(|| syn::parse_str(clause).expect("a where clause"));
    Params(generics)
}

fn unique(item: TokenStream) -> TokenStream {
    wait_map(quote!(key = u32, value = u32, match = unique), item)
}

#[test]
fn a_fresh_name_is_the_one_wanted_where_it_is_free() {
    for (declared, clause, also, fresh) in [
        ("", "", quote!(), ("a", "A")),
        ("<'a, A>", "", quote!(), ("__sync_a", "__SyncA")),
        ("<T>", "where for<'a> T: A<'a>", quote!(), ("__sync_a", "__SyncA")),
        ("<T>", "", quote!(&'a A), ("__sync_a", "__SyncA")),
        ("<'a, '__sync_a, A, __SyncA>", "", quote!(), ("__sync___sync_a", "__Sync__SyncA")),
    ] {
        let params = params(declared, clause);
        let also = [quote!(u8), also];
        assert_eq!(params.fresh_lifetime("a", &also).ident, fresh.0, "{declared} {clause}");
        assert_eq!(params.fresh_type("A", &also), fresh.1, "{declared} {clause}");
    }
}

#[test]
fn what_belongs_to_a_deprecated_struct_does_not_warn_of_it() {
    let allowed = |item| unique(item).to_string().contains("allow (deprecated");
    assert!(allowed(quote!(
        #[deprecated]
        struct Map;
    )));
    assert!(!allowed(quote!(
        #[doc = "deprecated"]
        struct Map;
    )));
}

#[test]
fn of_the_derives_only_those_go_that_are_generated() {
    let tokens = unique(quote!(
        #[derive(Clone, Debug, Hash)]
        struct Map;
    ));
    assert_eq!(messages(&tokens), ["`#[wait_map]` implements `Debug` itself: remove it from the derives"]);
    assert!(tokens.to_string().contains("derive (Clone , Hash)"), "{tokens}");
    let tokens = unique(quote!(
        #[derive(Debug)]
        struct Map;
    ));
    assert!(!tokens.to_string().contains("[derive"), "{tokens}");
    let tokens = unique(quote!(
        #[derive(Clone)]
        struct Map;
    ));
    assert!(tokens.to_string().contains("derive (Clone)"), "{tokens}");
}
