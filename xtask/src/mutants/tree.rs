//! A copy of the workspace, in which mutants are made while the original is edited.
//!
//! cargo-mutants makes copies itself, each in a new directory: cargo then compiles every crate of the
//! workspace anew, and keeps what it has compiled for the old ones. This copy stays, and a file that has not
//! changed is not touched.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Makes `copy` the same as what git knows, or could be told, of the workspace at `root`: committed or not,
/// but nothing that is ignored.
///
/// # Errors
///
/// When `root` is not in a git repository, or a file cannot be read or written.
pub(crate) fn mirror(root: &Path, copy: &Path) -> Result<()> {
    let wanted = known_to_git(root)?;
    if let Ok(there) = files(copy) {
        for file in there.difference(&wanted) {
            fs::remove_file(copy.join(file))
                .with_context(|| format!("cannot remove a copy of {}", file.display()))?;
        }
    }
    for file in &wanted {
        refresh(&root.join(file), &copy.join(file))
            .with_context(|| format!("cannot copy {}", file.display()))?;
    }
    Ok(())
}

fn known_to_git(root: &Path) -> Result<BTreeSet<PathBuf>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("cannot start git")?;
    ensure!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
    let files = names.split_terminator('\0').map(PathBuf::from);
    // What was deleted and not yet committed is still listed.
    Ok(files.filter(|file| root.join(file).is_file()).collect())
}

/// The files below `directory`, relative to it.
fn files(directory: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    let mut ahead = vec![directory.to_owned()];
    while let Some(next) = ahead.pop() {
        for entry in fs::read_dir(&next)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                ahead.push(entry.path());
            } else {
                files.insert(entry.path().strip_prefix(directory)?.to_owned());
            }
        }
    }
    Ok(files)
}

/// Writes only what differs, because cargo goes by the time of the last change.
fn refresh(from: &Path, to: &Path) -> Result<()> {
    let text = fs::read(from)?;
    if fs::read(to).is_ok_and(|there| there == text) {
        return Ok(());
    }
    fs::create_dir_all(to.parent().context("a file has a parent")?)?;
    fs::write(to, text)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn git(root: &Path, args: &[&str]) {
        let status = Command::new("git").args(args).current_dir(root).status().expect("git is installed");
        assert!(status.success());
    }

    fn write(root: &Path, file: &str, text: &str) {
        let path = root.join(file);
        fs::create_dir_all(path.parent().expect("a file has a parent")).expect("a temporary directory");
        fs::write(path, text).expect("a temporary directory");
    }

    fn names(directory: &Path) -> Vec<String> {
        let files = files(directory).expect("the copy was made");
        files.iter().map(|file| file.display().to_string()).collect()
    }

    #[test]
    fn the_copy_follows_the_original_and_leaves_alone_what_has_not_changed() {
        let directory = tempfile::tempdir().expect("a directory for temporary files");
        let (root, copy) = (directory.path().join("root"), directory.path().join("copy"));
        write(&root, "src/kept.rs", "kept");
        write(&root, "src/gone.rs", "gone");
        write(&root, "target/built", "built");
        write(&root, ".gitignore", "/target/");
        git(&root, &["init", "--quiet"]);
        git(&root, &["add", "."]);

        mirror(&root, &copy).expect("a repository");
        assert_eq!(names(&copy), [".gitignore", "src/gone.rs", "src/kept.rs"]);
        let modified = |file| fs::metadata(copy.join(file)).and_then(|data| data.modified()).expect("a file");
        let before = modified("src/kept.rs");

        fs::remove_file(root.join("src/gone.rs")).expect("it was there");
        write(&root, "src/new.rs", "not yet added");
        write(&copy, ".gitignore", "a mutant left behind");
        mirror(&root, &copy).expect("a repository");
        assert_eq!(names(&copy), [".gitignore", "src/kept.rs", "src/new.rs"]);
        assert_eq!(fs::read_to_string(copy.join(".gitignore")).expect("a file"), "/target/");
        assert_eq!(modified("src/kept.rs"), before, "a file that has not changed was written");
    }

    #[test]
    fn without_a_repository_there_is_nothing_to_copy() {
        let directory = tempfile::tempdir().expect("a directory for temporary files");
        let error = mirror(directory.path(), &directory.path().join("copy")).expect_err("no repository");
        assert!(error.to_string().contains("git ls-files"), "{error}");
    }
}
