//! `RESULTS.md`: its sections, its tables, and the machine that the figures come from.

use core::fmt::Write as _;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

/// Where the figures go.
pub fn results() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("RESULTS.md")
}

/// Puts `body` between the markers of `section` in `text`.
///
/// # Errors
///
/// If the markers are not there, in this order.
pub fn with_section(text: &str, section: &str, body: &str) -> Result<String> {
    let begin = format!("<!-- {section}: begin -->");
    let end = format!("<!-- {section}: end -->");
    let (before, rest) = text.split_once(&begin).with_context(|| format!("no `{begin}`"))?;
    let (_, after) = rest.split_once(&end).with_context(|| format!("no `{end}` after `{begin}`"))?;
    Ok(format!("{before}{begin}\n\n{}\n\n{end}{after}", body.trim()))
}

/// Replaces a section of `RESULTS.md`.
///
/// # Errors
///
/// If the file cannot be read or written, or lacks the section.
pub fn write_section(section: &str, body: &str) -> Result<()> {
    let path = results();
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = with_section(&text, section, body).with_context(|| format!("in {}", path.display()))?;
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// A Markdown table whose source is readable too.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns. All but the first are aligned to the right.
    pub fn new<T: Into<String>>(header: impl IntoIterator<Item = T>) -> Self {
        Self { rows: vec![header.into_iter().map(Into::into).collect()] }
    }

    /// Adds a row, as wide as the header.
    ///
    /// # Panics
    ///
    /// If it is not.
    pub fn push(&mut self, row: Vec<String>) {
        assert_eq!(row.len(), self.rows[0].len(), "a row is as wide as the header");
        self.rows.push(row);
    }

    /// The table as Markdown.
    pub fn markdown(&self) -> String {
        let width =
            |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0).max(3);
        let widths: Vec<usize> = (0..self.rows[0].len()).map(width).collect();
        let mut text = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
                let _ = if column == 0 {
                    write!(text, "| {cell:<width$} ")
                } else {
                    write!(text, "| {cell:>width$} ")
                };
            }
            text.push_str("|\n");
            if index == 0 {
                for (column, &width) in widths.iter().enumerate() {
                    let dashes = "-".repeat(width - 1);
                    let _ =
                        if column == 0 { write!(text, "| {dashes}- ") } else { write!(text, "| {dashes}: ") };
                }
                text.push_str("|\n");
            }
        }
        text
    }
}

/// One line about when, with what and where the figures were taken.
///
/// # Errors
///
/// If cargo or rustc cannot be asked.
pub fn provenance() -> Result<String> {
    let date = time::OffsetDateTime::now_utc().date();
    let compiler =
        Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("--version").output();
    let compiler = stdout(compiler.context("cannot run rustc")?)?;
    Ok(format!(
        "{date}, {}, {}, {}; {}.",
        compiler.trim(),
        processor(),
        env::consts::OS,
        versions()?.join(", ")
    ))
}

/// The processor's own name.
fn processor() -> String {
    let information = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = information.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map_or_else(|| format!("an {} processor", env::consts::ARCH), |(_, name)| name.trim().to_owned())
}

/// The libraries that are compared, as cargo resolved them.
fn versions() -> Result<Vec<String>> {
    const LIBRARIES: &[&str] = &[
        "sync-core",
        "maitake-sync",
        "tokio",
        "futures-intrusive",
        "event-listener",
        "diatomic-waker",
        "atomic-waker",
        "async-lock",
        "futures-util",
        "embassy-sync",
        "mea",
        "saa",
        "spin",
        "spinning_top",
        "parking_lot",
        "criterion",
    ];
    let metadata = cargo().args(["metadata", "--format-version=1"]).output().context("cannot run cargo")?;
    let metadata: Value = serde_json::from_str(&stdout(metadata)?)?;
    let packages = metadata["packages"].as_array().context("no packages in cargo's metadata")?;
    let version = |name: &&str| {
        let package = packages.iter().find(|package| package["name"] == *name)?;
        Some(format!("{name} {}", package["version"].as_str()?))
    };
    Ok(LIBRARIES.iter().filter_map(version).collect())
}

/// The cargo that runs this, in this package.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo
}

/// How all libraries are built, instead of the profile's defaults: as one unit, and in the second case with
/// the functions of other crates inlined too.
pub fn build_flags(profile: &str, inherits: Option<&str>, lto: bool) -> Vec<String> {
    let set = |key: &str, value: &str| format!("--config=profile.{profile}.{key}={value}");
    let mut flags = vec![set("codegen-units", "1"), set("lto", if lto { "\"fat\"" } else { "\"off\"" })];
    flags.extend(inherits.map(|parent| set("inherits", &format!("{parent:?}"))));
    flags
}

/// Builds a program of this package and says where it is.
///
/// # Errors
///
/// If cargo fails; its messages are on the terminal already.
pub fn build(program: &str, lto: bool, extra: &[&str]) -> Result<PathBuf> {
    let profile = if lto { "counted-lto" } else { "counted" };
    let mut cargo = cargo();
    cargo.args(["build", "--quiet", "--message-format=json-render-diagnostics", "--bin", program]);
    cargo.arg(format!("--profile={profile}")).args(build_flags(profile, Some("release"), lto)).args(extra);
    let output = cargo.stderr(std::process::Stdio::inherit()).output().context("cannot run cargo")?;
    let messages = stdout(output)?;
    for message in messages.lines() {
        let message: Value = serde_json::from_str(message)?;
        if message["target"]["name"] == program
            && let Some(path) = message["executable"].as_str()
        {
            return Ok(path.into());
        }
    }
    bail!("cargo built no `{program}`")
}

/// The standard output of a program that succeeded.
///
/// # Errors
///
/// If it failed; with what it said.
pub fn stdout(output: Output) -> Result<String> {
    ensure!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_its_neighbours_are_kept() {
        let text = "top\n<!-- a: begin -->\nold\n<!-- a: end -->\n<!-- b: begin -->\nkept\n<!-- b: end -->\n";
        let text = with_section(text, "a", "new\n").expect("both markers are there");
        let expected =
            "top\n<!-- a: begin -->\n\nnew\n\n<!-- a: end -->\n<!-- b: begin -->\nkept\n<!-- b: end -->\n";
        assert_eq!(text, expected);
        assert_eq!(with_section(&text, "a", "new").expect("still there"), expected);
    }

    #[test]
    fn a_missing_marker_is_an_error() {
        assert!(with_section("<!-- a: end --><!-- a: begin -->", "a", "").is_err());
        assert!(with_section("", "a", "").is_err());
    }

    #[test]
    fn a_table_is_aligned() {
        let mut table = Table::new(["what", "n"]);
        table.push(vec!["a".into(), "1234".into()]);
        assert_eq!(table.markdown(), "| what |    n |\n| ---- | ---: |\n| a    | 1234 |\n");
    }
}
