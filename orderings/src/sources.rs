//! The files of a library, with every memory ordering in them that could be weaker.
//!
//! The files are those that are compiled: the ones that `mod` reaches from `lib.rs`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::find::{self, Module};
use crate::site::Site;

/// The source file of a library that is compiled, with its sites in the order of their bytes.
#[derive(Debug)]
pub(crate) struct Source {
    /// Below the folder of `lib.rs`.
    pub(crate) file: String,
    pub(crate) text: String,
    pub(crate) sites: Vec<Site>,
}

/// Reads the library whose `lib.rs` is in `root`. `ignored_macros` are those in which orderings' names are
/// types'.
///
/// # Errors
///
/// When a file cannot be read or parsed, or has an ordering where this cannot see what it is for.
pub(crate) fn read(root: &Path, ignored_macros: &[String]) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    let mut files = vec![PathBuf::from("lib.rs")];
    while let Some(file) = files.pop() {
        let path = root.join(&file);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = file.to_string_lossy().into_owned();
        let (sites, modules) = find::sites(&name, &text, ignored_macros)?;
        sources.push(Source { file: name, text, sites });
        for module in modules {
            files.push(place(root, &file, &module)?);
        }
    }
    sources.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(sources)
}

/// The file of a module that `file` declares.
fn place(root: &Path, file: &Path, Module { module, path }: &Module) -> Result<PathBuf> {
    if let Some(path) = path {
        return Ok(file.with_file_name(path));
    }
    let folder = match file.file_stem().and_then(|stem| stem.to_str()) {
        Some("lib" | "mod") => file.with_file_name(""),
        _ => file.with_extension(""),
    };
    let candidates = [folder.join(format!("{module}.rs")), folder.join(module).join("mod.rs")];
    match candidates.into_iter().find(|candidate| root.join(candidate).is_file()) {
        Some(found) => Ok(found),
        None => bail!("`mod {module};` of {} has no file", file.display()),
    }
}
