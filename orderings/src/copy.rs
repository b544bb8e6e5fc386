//! The copy of the workspace in which orderings can be weakened without compiling anything again.

use core::fmt::Write;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::site::Site;
use crate::sources::Source;

/// Makes `to` a copy of the workspace in `from`, in which every site of the library asks `weakened.rs` for
/// its ordering, which is one of those in the module `atomics`. Files that are the same are left alone, so
/// that cargo knows what it need not compile.
///
/// # Errors
///
/// When something cannot be read or written, or a site would not be replaced.
pub(crate) fn make(from: &Path, to: &Path, library: &Path, atomics: &str, sources: &[Source]) -> Result<()> {
    let mut files = Vec::new();
    collect(from, Path::new(""), &mut files)?;

    let mut wanted = BTreeSet::new();
    let mut next = 0;
    for file in files {
        let inside = file.strip_prefix(library).ok();
        let source = inside.and_then(|file| sources.iter().find(|source| Path::new(&source.file) == file));
        match source {
            None => {
                let path = from.join(&file);
                put(
                    &to.join(&file),
                    &fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?,
                )?;
            }
            Some(source) => {
                let first = first_of(sources, source);
                next += source.sites.len();
                put(&to.join(&file), rewritten(source, first)?.as_bytes())?;
            }
        }
        wanted.insert(file);
    }
    let sites = sources.iter().map(|source| source.sites.len()).sum::<usize>();
    ensure!(next == sites, "{sites} orderings were found, and {next} of them are in the copy");

    let runtime = library.join("weakened.rs");
    let text =
        include_str!("weakened.rs").replace("{sites}", &sites.to_string()).replace("{atomics}", atomics);
    put(&to.join(&runtime), text.as_bytes())?;
    wanted.insert(runtime);

    let mut there = Vec::new();
    collect(to, Path::new(""), &mut there)?;
    for stale in there.iter().filter(|file| !wanted.contains(*file)) {
        fs::remove_file(to.join(stale)).with_context(|| format!("cannot remove {}", stale.display()))?;
    }
    Ok(())
}

/// The number of the first site of `source` among all of them.
fn first_of(sources: &[Source], source: &Source) -> usize {
    sources.iter().take_while(|other| other.file != source.file).map(|other| other.sites.len()).sum()
}

/// Every site of every file, in the order of their numbers.
pub(crate) fn numbered(sources: &[Source]) -> Vec<&Site> {
    sources.iter().flat_map(|source| &source.sites).collect()
}

/// The text with each site replaced by a question, the first of which has the number `first`.
fn rewritten(source: &Source, first: usize) -> Result<String> {
    let mut text = String::new();
    let mut copied = 0;
    for (number, site) in (first..).zip(&source.sites) {
        ensure!(copied <= site.bytes.start, "`{site}` is inside of another one");
        text += &source.text[copied..site.bytes.start];
        let old = &source.text[site.bytes.clone()];
        if site.fence {
            let (_, argument) = old.split_once('(').context("a call has arguments")?;
            write!(text, "crate::weakened::fence({number}, {argument}")?;
        } else {
            ensure!(old.ends_with(&site.order.to_string()), "`{site}` is not where `{old}` is");
            write!(text, "crate::weakened::order({number}, {old})")?;
        }
        copied = site.bytes.end;
    }
    text += &source.text[copied..];
    if source.file == "lib.rs" {
        text += "\nmod weakened;\n";
    }
    Ok(text)
}

/// The files below `root`/`folder` that belong to the workspace.
fn collect(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let path = root.join(folder);
    if !path.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(&path).with_context(|| format!("cannot read {}", path.display()))? {
        let entry = entry.with_context(|| format!("cannot read {}", path.display()))?;
        let (name, kind) = (entry.file_name(), entry.file_type().context("cannot read what a file is")?);
        let text = name.to_string_lossy();
        if name == "target" || text.starts_with("target-") || text.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            collect(root, &folder.join(name), files)?;
        } else {
            files.push(folder.join(name));
        }
    }
    Ok(())
}

/// Writes `bytes` to `path`, unless they are there.
fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let parent = path.parent().context("a file has a parent")?;
    fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources;

    const LIBRARY: &str = "sync-core/src";

    const LIB: &str = "//! Acquire\nmod word;\n";
    const WORD: &str = "use Ordering::{Acquire, Release};
        impl Word {
            fn turn(&self) { self.0.swap(f(Acquire), Release); fence(Ordering::SeqCst); }
        }\n";

    fn workspace() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let dir = tempfile::tempdir().expect("a directory for temporary files");
        let (from, to) = (dir.path().join("from"), dir.path().join("to"));
        for (path, text) in [
            ("sync-core/src/lib.rs", LIB),
            ("sync-core/src/word.rs", WORD),
            ("tests/tests/model.rs", "fn f() { x.load(Acquire) }"),
            ("target/debug/x", "built"),
            (".git/HEAD", "hidden"),
        ] {
            put(&from.join(path), text.as_bytes()).expect("it can be written");
        }
        (dir, from, to)
    }

    fn made(from: &Path, to: &Path) -> Vec<Source> {
        let sources = sources::read(&from.join(LIBRARY), &[]).expect("a library");
        make(from, to, Path::new(LIBRARY), "loom::sync::atomic", &sources).expect("a copy");
        sources
    }

    fn read(path: impl AsRef<Path>) -> String {
        let path = path.as_ref();
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    #[test]
    fn every_site_asks_by_its_number() {
        let (_dir, from, to) = workspace();
        let sources = made(&from, &to);
        assert_eq!(numbered(&sources).len(), 3);
        let word = read(to.join("sync-core/src/word.rs"));
        let expected = WORD
            .replace("f(Acquire)", "f(crate::weakened::order(0, Acquire))")
            .replace(", Release)", ", crate::weakened::order(1, Release))")
            .replace("fence(Ordering::SeqCst)", "crate::weakened::fence(2, Ordering::SeqCst)");
        assert_eq!(word, expected);
        assert_eq!(read(to.join("sync-core/src/lib.rs")), format!("{LIB}\nmod weakened;\n"));
        let runtime = read(to.join("sync-core/src/weakened.rs"));
        assert!(runtime.contains("static REACHED: [AtomicBool; 3]"), "{runtime}");
        syn::parse_file(&runtime).expect("it is Rust");
    }

    #[test]
    fn everything_else_is_as_it_was_and_what_was_built_is_not_there() {
        let (_dir, from, to) = workspace();
        made(&from, &to);
        assert_eq!(read(to.join("tests/tests/model.rs")), "fn f() { x.load(Acquire) }");
        assert!(!to.join("target").exists() && !to.join(".git").exists());
    }

    #[test]
    fn a_second_copy_touches_only_what_has_changed() {
        let (_dir, from, to) = workspace();
        made(&from, &to);
        let written = |file: &str| {
            let file = fs::metadata(to.join(file)).expect("it is there");
            file.modified().expect("this system knows when")
        };
        let before = (written("sync-core/src/word.rs"), written("sync-core/src/weakened.rs"));
        fs::remove_file(from.join("tests/tests/model.rs")).expect("it is there");
        made(&from, &to);
        assert_eq!((written("sync-core/src/word.rs"), written("sync-core/src/weakened.rs")), before);
        assert!(!to.join("tests/tests/model.rs").exists(), "it is gone from the workspace");
    }

    #[test]
    fn a_site_that_is_elsewhere_than_it_was_found_is_an_error() {
        let (_dir, from, to) = workspace();
        let mut sources = sources::read(&from.join(LIBRARY), &[]).expect("a library");
        sources[1].text.insert(0, ' ');
        let error = make(&from, &to, Path::new(LIBRARY), "loom::sync::atomic", &sources)
            .expect_err("nothing is where it was");
        assert!(error.to_string().contains("is not where"), "{error}");
    }
}
