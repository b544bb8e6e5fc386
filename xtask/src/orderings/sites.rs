//! Every memory ordering of sync-core that could be weaker.
//!
//! What is read is what is compiled: the files that `mod` reaches from `lib.rs`.

use core::fmt;
use core::ops::Range;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::find::{self, Module};

/// The orderings from which something can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Order {
    Acquire,
    Release,
    AcqRel,
    SeqCst,
}

/// What becomes of an ordering for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weaker {
    Relaxed,
    Acquire,
    Release,
    AcqRel,
    /// The fence is taken out.
    Nothing,
}

/// One ordering in the source.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// Below `sync-core/src`.
    pub(crate) file: String,
    /// With the type whose it is.
    pub(crate) function: String,
    /// What it is an argument of, and which of two; numbered where one function does the same several times.
    pub(crate) operation: String,
    pub(crate) order: Order,
    /// The bytes of the ordering in the file, or of the whole call of `fence`.
    pub(crate) bytes: Range<usize>,
    pub(crate) fence: bool,
}

/// The source file of a library that is compiled, with its sites in the order of their bytes.
#[derive(Debug)]
pub(crate) struct Source {
    /// Below the folder of `lib.rs`.
    pub(crate) file: String,
    pub(crate) text: String,
    pub(crate) sites: Vec<Site>,
}

impl Order {
    pub(crate) const ALL: [Self; 4] = [Self::Acquire, Self::Release, Self::AcqRel, Self::SeqCst];

    /// What a read-modify-write, a load or a store may be weakened to.
    fn weaker(self) -> &'static [Weaker] {
        match self {
            Self::Acquire | Self::Release => &[Weaker::Relaxed],
            Self::AcqRel => &[Weaker::Acquire, Weaker::Release],
            Self::SeqCst => &[Weaker::AcqRel],
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl fmt::Display for Weaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("taken out"),
            order => fmt::Debug::fmt(order, f),
        }
    }
}

impl Site {
    /// Each of what it is weakened to.
    pub(crate) fn weaker(&self) -> &'static [Weaker] {
        if self.fence { &[Weaker::Nothing] } else { self.order.weaker() }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.file, self.function, self.operation, self.order)
    }
}

/// Reads the library whose `lib.rs` is in `root`.
///
/// # Errors
///
/// When a file cannot be read or parsed, or has an ordering where this cannot see what it is for.
pub(crate) fn read(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    let mut files = vec![PathBuf::from("lib.rs")];
    while let Some(file) = files.pop() {
        let path = root.join(&file);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = file.to_string_lossy().into_owned();
        let (sites, modules) = find::sites(&name, &text)?;
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
