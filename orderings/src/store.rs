//! The results of earlier runs, so that a run that was interrupted continues where it was.
//!
//! A file to which a line is added per model that was run. Its key is what it is about: the model with the
//! sources it is compiled from, without their comments, the library likewise, and the weakened site.

use core::hash::{Hash, Hasher};
use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::hash::DefaultHasher;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The lines, by what they are about.
#[derive(Debug)]
pub(crate) struct Store {
    inner: Mutex<(HashMap<u64, String>, File)>,
}

impl Store {
    /// Opens the file at `path`.
    ///
    /// # Errors
    ///
    /// When it cannot be read or written.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).unwrap_or_default();
        // The last line may have been cut off, with the run.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let lines = whole.lines().filter_map(|line| {
            let (key, value) = line.split_once(' ')?;
            Some((u64::from_str_radix(key, 16).ok()?, value.to_owned()))
        });
        let lines = lines.collect();
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        if !text.is_empty() && !text.ends_with('\n') {
            writeln!(file).context("cannot write a result")?;
        }
        Ok(Self { inner: Mutex::new((lines, file)) })
    }

    /// The result under `key`.
    pub(crate) fn get(&self, key: u64) -> Option<String> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).0.get(&key).cloned()
    }

    /// Keeps `value`, which has no line feed.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn put(&self, key: u64, value: String) -> Result<()> {
        let (lines, file) = &mut *self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(file, "{key:016x} {value}").context("cannot write a result")?;
        lines.insert(key, value);
        Ok(())
    }
}

/// One number for `value`.
pub(crate) fn hash(value: impl Hash) -> u64 {
    // The same in every run: nothing random goes in.
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// One number for all Rust files below `paths`, which are folders or files, without comments and blanks.
///
/// # Errors
///
/// When one cannot be read or is no Rust.
pub(crate) fn hash_of_sources(paths: &[PathBuf]) -> Result<u64> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let tokens: TokenStream =
            text.parse().ok().with_context(|| format!("cannot tokenise {}", file.display()))?;
        all.push((file, without_docs(tokens).to_string()));
    }
    Ok(hash(all))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
            collect(&entry.with_context(|| format!("cannot read {}", path.display()))?.path(), files)?;
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        files.push(path.to_owned());
    }
    Ok(())
}

/// The tokens without `#[doc = "..."]`, which is what a documentation comment is to the compiler.
fn without_docs(tokens: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket && is_doc(group.stream()) => {
                while kept
                    .pop_if(|before| matches!(before, TokenTree::Punct(p) if "#!".contains(p.as_char())))
                    .is_some()
                {}
            }
            TokenTree::Group(group) => {
                kept.push(proc_macro2::Group::new(group.delimiter(), without_docs(group.stream())).into());
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

fn is_doc(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter();
    matches!(tokens.next(), Some(TokenTree::Ident(ident)) if ident == "doc")
        && matches!(tokens.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_is_there_when_it_is_opened_again() {
        let dir = tempfile::tempdir().expect("a directory for temporary files");
        let path = dir.path().join("results");
        let store = Store::open(&path).expect("it can be made");
        store.put(7, "passed".to_owned()).expect("it can be written");
        store.put(u64::MAX, "failed with words".to_owned()).expect("it can be written");
        assert_eq!(store.get(7).as_deref(), Some("passed"));
        drop(store);
        let store = Store::open(&path).expect("it is there");
        assert_eq!(store.get(u64::MAX).as_deref(), Some("failed with words"));
        assert_eq!(store.get(8), None);
    }

    #[test]
    fn a_line_that_was_cut_off_is_not_believed() {
        let dir = tempfile::tempdir().expect("a directory for temporary files");
        let path = dir.path().join("results");
        fs::write(&path, "0000000000000007 passed\n0000000000000008 pass").expect("it can be written");
        let store = Store::open(&path).expect("it is there");
        assert_eq!((store.get(7).as_deref(), store.get(8)), (Some("passed"), None));
        store.put(9, "passed".to_owned()).expect("it can be written");
        drop(store);
        let store = Store::open(&path).expect("it is there");
        assert_eq!(store.get(9).as_deref(), Some("passed"), "it shares a line with the one that was cut off");
    }

    fn hash_of(text: &str) -> u64 {
        hash(without_docs(text.parse().expect("Rust")).to_string())
    }

    #[test]
    fn comments_are_not_what_is_compiled() {
        let bare = hash_of("pub fn f() { g(1) }");
        assert_eq!(bare, hash_of("//! A file.\n\n/// Calls `g`.\n// Really.\npub fn f() {\n    g(1)\n}"));
        assert_ne!(bare, hash_of("pub fn f() { g(2) }"));
        assert_ne!(bare, hash_of("#[cold] pub fn f() { g(1) }"));
    }

    #[test]
    fn a_folder_is_all_that_is_in_it() {
        let dir = tempfile::tempdir().expect("a directory for temporary files");
        fs::create_dir(dir.path().join("a")).expect("it can be made");
        let put = |name: &str, text: &str| fs::write(dir.path().join(name), text).expect("it can be written");
        let all = || hash_of_sources(&[dir.path().to_owned()]).expect("it is Rust");
        put("a/x.rs", "fn x() {}");
        let before = all();
        put("a/x.md", "no Rust");
        assert_eq!(all(), before);
        put("a/y.rs", "fn y() {}");
        assert_ne!(all(), before);
    }
}
