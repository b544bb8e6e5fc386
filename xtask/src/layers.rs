//! The layers of a crate: a module may use those in the layers below its own, and nothing else.
//!
//! They are a numbered list that follows the word "layers" in a text, usually the documentation of the
//! crate's root: a layer per number, from the top down. What is in backticks before the colon are its
//! modules, which may not use each other. A module that is not named belongs to the one that it is inside of.
//! Tests may use everything, and so may the root, through which no module may name anything but a macro. A module
//! may export again what is inside of it. What an exported macro writes belongs to the crate that calls it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// The path of a module from the root, which is empty.
type Module = Vec<String>;

/// What is wrong in the crate whose `lib.rs` or `main.rs` is `root`, by the list in `text`: an arrow that
/// points up or sideways, a module without a layer, an entry without a module.
pub(crate) fn violations(root: &Path, text: &str) -> Vec<String> {
    let layers = listed(text);
    let mut source = Source::default();
    source.read(root, &root.with_file_name(""), &Vec::new());
    let Source { modules, arrows, macros, .. } = source;
    // The entry of a path, and how many layers are above it.
    let place = |path: &[String]| {
        let entries = layers
            .iter()
            .enumerate()
            .flat_map(|(depth, layer)| layer.iter().map(move |entry| (entry, depth)));
        entries.filter(|(entry, _)| path.starts_with(entry)).max_by_key(|(entry, _)| entry.len())
    };

    let mut wrong = BTreeSet::new();
    wrong.extend(
        layers
            .iter()
            .flatten()
            .filter(|entry| !modules.contains(*entry))
            .map(|entry| format!("there is no module `{}`", entry.join("::"))),
    );
    for module in modules.iter().filter(|module| !module.is_empty() && place(module).is_none()) {
        wrong.insert(format!("`{}` is in no layer", module.join("::")));
    }
    for Arrow { from, to, at } in arrows {
        let Some((user, depth)) = place(&from) else { continue };
        match place(&to) {
            None if to.len() == 1 && macros.contains(&to[0]) => {}
            None => {
                wrong.insert(format!(
                    "{at}: `{}` names `{}` through the root",
                    user.join("::"),
                    to.join("::")
                ));
            }
            Some((target, below)) if target != user && below <= depth => {
                wrong.insert(format!(
                    "{at}: `{}` uses `{}`, which is not below it",
                    user.join("::"),
                    target.join("::")
                ));
            }
            Some(_) => {}
        }
    }
    wrong.into_iter().collect()
}

/// The modules of each layer in the list of `text`.
fn listed(text: &str) -> Vec<Vec<Module>> {
    let lines = text.lines().map(|line| line.trim_start_matches("//!").trim());
    let mut items: Vec<String> = Vec::new();
    for line in lines.skip_while(|line| !line.to_lowercase().contains("layers")).skip(1) {
        match line.split_once(". ").filter(|(number, _)| number.parse::<u32>().is_ok()) {
            Some((_, item)) => items.push(item.to_owned()),
            None if items.is_empty() => {}
            None if line.is_empty() => break,
            None => items.last_mut().expect("it is not empty").extend([" ", line]),
        }
    }
    let path = |name: &str| name.split("::").map(str::to_owned).collect();
    // What is in backticks is every second part; a colon outside of them ends the names.
    let quoted = |item: &String| {
        let parts: Vec<_> = item.split('`').collect();
        let names = parts.chunks(2).take_while(|chunk| !chunk[0].contains(':'));
        names.filter_map(|chunk| chunk.get(1).map(|name| path(name))).collect()
    };
    items.iter().map(quoted).collect()
}

/// `from` names something by the path `to`.
struct Arrow {
    from: Module,
    to: Vec<String>,
    at: String,
}

/// What a crate consists of without its tests.
#[derive(Default)]
struct Source {
    modules: BTreeSet<Module>,
    arrows: Vec<Arrow>,
    /// The exported macros, which are at the root wherever they are written.
    macros: BTreeSet<String>,
    /// Where the reader is.
    module: Module,
    file: String,
    /// The modules declared there whose text is in files of their own.
    elsewhere: Vec<(String, Option<String>)>,
}

impl Source {
    /// Reads `file`, which is the module `module`, and the files of the modules in it, which are below
    /// `folder`.
    fn read(&mut self, file: &Path, folder: &Path, module: &Module) {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.module.clone_from(module);
        self.file = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.modules.insert(module.clone());
        self.visit_file(&parsed);
        for (name, path) in core::mem::take(&mut self.elsewhere) {
            let inside = folder.join(&name);
            let path = path.map(|path| file.with_file_name(path));
            let flat = Some(inside.with_extension("rs")).filter(|file| file.is_file());
            let module = [module.as_slice(), &[name]].concat();
            self.read(&path.or(flat).unwrap_or_else(|| inside.join("mod.rs")), &inside, &module);
        }
    }

    /// Notes that a path is named here. One that begins with anything else than a module is another crate's,
    /// or local.
    fn name(&mut self, segments: &[String], span: Span) {
        let mut to = self.module.clone();
        let rest = match segments[0].as_str() {
            "crate" => {
                to.clear();
                &segments[1..]
            }
            "self" => &segments[1..],
            "super" => {
                let up = segments.iter().take_while(|segment| *segment == "super").count();
                to.truncate(to.len().saturating_sub(up));
                &segments[up..]
            }
            _ => {
                to.push(segments[0].clone());
                if !self.elsewhere.iter().any(|(name, _)| *name == segments[0]) && !self.modules.contains(&to)
                {
                    return;
                }
                &segments[1..]
            }
        };
        to.extend_from_slice(rest);
        let at = format!("{}:{}", self.file, span.start().line);
        self.arrows.push(Arrow { from: self.module.clone(), to, at });
    }

    fn tree(&mut self, prefix: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(prefix, item)),
            syn::UseTree::Name(name) => self.name(&with(&name.ident), name.span()),
            syn::UseTree::Rename(rename) => self.name(&with(&rename.ident), rename.span()),
            syn::UseTree::Glob(glob) => self.name(prefix, glob.span()),
        }
    }

    /// The paths from `crate` and `super` in what a macro is given, or writes.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(first) if first == "crate" || first == "super" => {
                    let mut segments = vec![first.to_string()];
                    for part in tokens[index + 1..].chunks(3) {
                        let [TokenTree::Punct(a), TokenTree::Punct(b), TokenTree::Ident(name)] = part else {
                            break;
                        };
                        if (a.as_char(), b.as_char()) != (':', ':') {
                            break;
                        }
                        segments.push(name.to_string());
                    }
                    let end = index + 3 * segments.len() - 2;
                    let is_macro =
                        matches!(tokens.get(end), Some(TokenTree::Punct(mark)) if mark.as_char() == '!');
                    if segments.len() > 1 && !(is_macro && segments.len() == 2) {
                        self.name(&segments, first.span());
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Source {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if let syn::Item::Macro(item) = item
            && let Some(name) = &item.ident
            && item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"))
        {
            self.macros.insert(name.to_string());
            return;
        }
        let attributes = match item {
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            _ => &Vec::new(),
        };
        if !attributes.iter().any(is_for_tests) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.content.is_none() {
            self.elsewhere.push((item.ident.to_string(), item.attrs.iter().find_map(path_of)));
        } else {
            let outside = core::mem::take(&mut self.elsewhere);
            self.module.push(item.ident.to_string());
            self.modules.insert(self.module.clone());
            visit::visit_item_mod(self, item);
            self.module.pop();
            assert!(self.elsewhere.is_empty(), "{}: a file below an inline module", item.ident);
            self.elsewhere = outside;
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let before = self.arrows.len();
        self.tree(&[], &item.tree);
        if !matches!(item.vis, syn::Visibility::Inherited) {
            let exported = self.arrows.split_off(before);
            self.arrows.extend(exported.into_iter().filter(|arrow| !arrow.to.starts_with(&arrow.from)));
        }
    }

    /// `pub(in path)` says who may use it, and uses nothing.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if path.leading_colon.is_none() && segments.len() > 1 {
            self.name(&segments, path.span());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        if item.path.segments.len() > 2 {
            self.visit_path(&item.path);
        }
        self.tokens(item.tokens.clone());
    }
}

/// The file that `#[path = "…"]` names, in the folder of the one that says so.
fn path_of(attribute: &syn::Attribute) -> Option<String> {
    let syn::Meta::NameValue(meta) = &attribute.meta else { return None };
    match &meta.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) if meta.path.is_ident("path") => {
            Some(text.value())
        }
        _ => None,
    }
}

/// `cfg(test)`, or `cfg(all(test, …))`.
fn is_for_tests(attribute: &syn::Attribute) -> bool {
    let mut found = false;
    if attribute.path().is_ident("cfg") {
        // The arguments of `all` and `not` are no part of this.
        drop(attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("test");
            if meta.path.is_ident("all") {
                return meta.parse_nested_meta(|meta| {
                    found |= meta.path.is_ident("test");
                    Ok(())
                });
            }
            Ok(())
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each crate whose layers are listed, in its root or in the architecture.
    #[test]
    fn arrows_of_each_crate_point_down() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a member");
        let itself = |root| (root, root);
        let crates = [
            itself("xtask/src/main.rs"),
            itself("orderings/src/lib.rs"),
            itself("kernel/src/lib.rs"),
            itself("kernel/src/main.rs"),
            // Its root's documentation is for users.
            ("sync-core/src/lib.rs", "docs/architecture.md"),
        ];
        for (root, list) in crates {
            let root = workspace.join(root);
            let text = fs::read_to_string(workspace.join(list)).expect("where the layers are listed");
            assert_eq!(violations(&root, &text), [""; 0], "{}", root.display());
        }
    }

    /// A crate of three modules in the layers `a`, `b` and `c`, with these texts.
    fn crate_of(a: &str, b: &str, c: &str) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a directory for temporary files");
        let root = folder.path().join("lib.rs");
        let list =
            "//! The layers:\n//!\n//! 1. `a`: the top\n//!   of it;\n//! 2. `b`;\n//! 3. `c`, `c::d`.\n";
        let text = format!("{list}\n//! No item.\n\nmod a;\nmod b;\nmod c;\n#[cfg(test)]\nmod t;\n");
        for (name, text) in [("lib", text.as_str()), ("a", a), ("b", b), ("c", c)] {
            fs::write(root.with_file_name(format!("{name}.rs")), text).expect("it can be written");
        }
        violations(&root, &text)
    }

    const C: &str = "mod d {}";

    #[test]
    fn what_is_inside_may_be_exported_again_and_no_more() {
        let c = "pub use self::d::D; mod d { pub(in crate::c) struct D; }";
        assert_eq!(crate_of("", "", c), [""; 0]);
        assert_eq!(crate_of("", "", "use self::d::D; mod d { pub struct D; }").len(), 1);
        assert_eq!(crate_of("", "", "pub use crate::a::A; mod d {}").len(), 1);
    }

    #[test]
    fn exported_macro_is_at_the_root_and_writes_for_others() {
        let c = "#[macro_export] macro_rules! make { () => { $crate::a::A }; } mod d {}";
        assert_eq!(crate_of("", "use crate::make;", c), [""; 0]);
        assert_eq!(crate_of("", "use crate::other;", c).len(), 1);
    }

    #[test]
    fn arrow_down_is_accepted_in_every_form() {
        let a = "use crate::{b::{self, X}, c}; fn f(x: super::b::X) { crate::c::g(); std::mem::drop(b::X) }";
        assert_eq!(crate_of(a, "use crate::c::*;", C), [""; 0]);
    }

    #[test]
    fn arrow_up_is_found_in_every_form() {
        for up in [
            "use crate::a::X;",
            "use super::{a, c};",
            "use crate::{c, a as x};",
            "use crate::a::*;",
            "pub(crate) use crate::a;",
            "mod inside { use super::super::a::X; }",
            "fn f() -> crate::a::X { loop {} }",
            "fn f() { println!(\"{}\", crate::a::X); }",
            "fn f() { crate::a::x!(); }",
            "macro_rules! m { () => { $crate::a::f() } }",
            "#[cfg(not(test))] use crate::a;",
            "#[cfg(any(test, loom))] use crate::a;",
        ] {
            let wrong = crate_of("", up, C);
            assert_eq!(wrong.len(), 1, "{up}: {wrong:?}");
            assert!(wrong[0].starts_with("b.rs:1: `b` uses `a`, which is not below it"), "{up}: {wrong:?}");
        }
    }

    #[test]
    fn arrow_sideways_and_through_the_root_are_found() {
        let wrong = crate_of("use crate::Y;", "", "mod d { use super::X; }");
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        assert!(wrong[0].contains("`a` names `Y` through the root"), "{wrong:?}");
        assert!(wrong[1].contains("`c::d` uses `c`, which is not below it"), "{wrong:?}");
    }

    #[test]
    fn tests_and_macros_of_the_crate_may_be_anywhere() {
        let b = "#[cfg(test)] mod tests { use crate::a; } #[cfg(all(test, unix))] use crate::a; fn f() { crate::x!(1) }";
        assert_eq!(crate_of("", b, C), [""; 0]);
    }

    #[test]
    fn list_and_modules_have_to_agree() {
        assert_eq!(crate_of("", "", ""), ["there is no module `c::d`"]);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs");
        let wrong = violations(&root, "//! No list.");
        assert!(wrong.contains(&"`mutants::tree` is in no layer".to_owned()), "{wrong:?}");
    }
}
