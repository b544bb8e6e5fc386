use super::*;

fn found(text: &str) -> Vec<String> {
    let (sites, _) = sites("x.rs", text, &[]).expect("everything in it can be seen");
    for site in &sites {
        let old = &text[site.bytes.clone()];
        assert!(old.ends_with(&site.order.to_string()) || site.fence && old.ends_with(')'), "{old}");
    }
    sites.iter().map(|site| format!("{} {} {}", site.function, site.operation, site.order)).collect()
}

fn refused(text: &str) -> String {
    sites("x.rs", text, &[]).expect_err("it is to be refused").to_string()
}

#[test]
fn arguments_are_named_after_their_place() {
    let text = "impl Word {
        fn turn(&self) {
            self.0.load(Acquire);
            self.0.compare_exchange(a, b, AcqRel, Relaxed);
            self.0.compare_exchange_weak(a, f(b), Release, Ordering::Acquire);
            core::sync::atomic::fence(Ordering::SeqCst);
        }
    }";
    assert_eq!(
        found(text),
        [
            "Word::turn `load` Acquire",
            "Word::turn `compare_exchange`, success AcqRel",
            "Word::turn `compare_exchange_weak`, success Release",
            "Word::turn `compare_exchange_weak`, failure Acquire",
            "Word::turn `fence` SeqCst",
        ]
    );
}

#[test]
fn a_failure_is_one_also_beside_a_relaxed_success() {
    assert_eq!(found("fn f() { x.update(Relaxed, Acquire, |w| w) }"), ["f `update`, failure Acquire"]);
}

#[test]
fn the_same_again_has_a_number() {
    let text = "fn f() { if x.load(Acquire) { y.load(Acquire) } else { z.load(Acquire) } }";
    assert_eq!(found(text), ["f `load` Acquire", "f `load`, no. 2 Acquire", "f `load`, no. 3 Acquire"]);
}

#[test]
fn an_ordering_inside_of_an_argument_is_found() {
    let text = "fn f() { g(|| x.swap(1, Release)); unsafe { n.unlink(Phase::Woken, Release) } }";
    assert_eq!(found(text), ["f `swap` Release", "f `unlink` Release"]);
}

#[test]
fn an_ordering_that_is_a_value_is_found() {
    assert_eq!(found("fn f() -> Ordering { let o = Ordering::SeqCst; o }"), ["f as a value SeqCst"]);
}

#[test]
fn what_is_only_called_like_an_ordering_is_none() {
    let text = "
        //! Acquire
        use core::sync::atomic::Ordering::{Acquire, Release};
        /// Release
        pub type Acquire<'a> = Wait<'a>;
        enum Change { Release(u8), Keep }
        fn f(c: Change) -> Acquire<'static> {
            match c { Change::Release(x) => g(Change::Release(x)), _ => \"Acquire\".into() }
        }";
    assert_eq!(found(text), [""; 0]);
}

#[test]
fn tests_are_left_out_and_what_is_also_compiled_without_them_is_not() {
    let text = "
        #[cfg(test)] mod a { fn f() { x.load(SeqCst) } }
        #[cfg(all(test, not(loom)))] mod b { use super::*; fn f() { x.load(SeqCst) } }
        #[cfg(not(test))] mod c { fn f() { x.load(Acquire) } }
        #[cfg(any(test, loom))] fn g() { x.swap(1, AcqRel) }";
    assert_eq!(found(text), ["f `load` Acquire", "g `swap` AcqRel"]);
}

#[test]
fn a_module_elsewhere_is_named_unless_it_is_a_test() {
    let text = "mod a; #[cfg(test)] mod tests; #[path = \"b_here.rs\"] pub mod b;";
    let (_, modules) = sites("x.rs", text, &[]).expect("there is nothing to find");
    let named: Vec<_> = modules.iter().map(|module| (&*module.module, module.path.as_deref())).collect();
    assert_eq!(named, [("a", None), ("b", Some("b_here.rs"))]);
}

#[test]
fn bytes_are_bytes_also_behind_letters_that_have_several() {
    assert_eq!(found("fn f() { /* größer – ∞ */ x.load(Acquire) }"), ["f `load` Acquire"]);
}

#[test]
fn an_ordering_in_a_macro_is_not_overlooked() {
    let message = refused("const_fn! { fn f() { x.load(Acquire) } }");
    assert!(message.contains("1 tokens") && message.contains("only 0"), "{message}");
}

#[test]
fn an_ordering_that_is_matched_on_is_not_overlooked() {
    let message = refused("fn f(o: Ordering) { match o { Ordering::Acquire => (), _ => () } }");
    assert!(message.contains("matched on"), "{message}");
}

#[test]
fn an_ignored_macro_may_declare_a_type_that_is_called_like_an_ordering() {
    let text = "own_future! { Acquire => Permit } fn f() { x.load(Acquire) }";
    assert!(refused(text).contains("2 tokens"), "it is refused unless it is ignored");
    let (sites, _) = sites("x.rs", text, &["own_future".to_owned()]).expect("the macro is ignored");
    assert_eq!(sites.len(), 1);
}

#[test]
fn more_orderings_than_anybody_can_name_are_refused() {
    let message = refused("fn f() { g(Acquire, Acquire, Acquire) }");
    assert!(message.contains("`g` has 3 orderings"), "{message}");
}
