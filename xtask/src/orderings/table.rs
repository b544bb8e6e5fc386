//! `tests/ORDERINGS.md`: the table that says what needs each ordering.

use core::fmt::Write;
use std::collections::HashMap;

use super::kept::Kept;
use super::search::Finding;
use super::sites::Site;

/// What a table is about, beside its rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    pub(crate) models: usize,
    pub(crate) sites: usize,
}

/// What is wrong with the table as it would be, a line each.
pub(crate) fn objections(findings: &[Finding<'_>], kept: &[Kept], all: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for finding in findings {
        let (site, to) = (finding.weakening.site, finding.weakening.to);
        let reasons = kept.iter().filter(|kept| kept.is_about(site, to)).count();
        match (&finding.caught, reasons) {
            (Some(_), 0) | (None, 1) => {}
            (Some((model, _)), _) => {
                wrong.push(format!("`{site}` to {to} has a reason in kept.rs, but {model} fails with it"));
            }
            (None, 0) => wrong.push(format!(
                "`{site}` to {to}: none of the {} models that reach it fails, and kept.rs has no reason: weaken it, \
                 write the model, or say why",
                finding.reached
            )),
            (None, _) => wrong.push(format!("`{site}` to {to} has several reasons in kept.rs")),
        }
        if finding.caught.is_none() {
            wrong.extend(finding.unfinished.iter().map(|model| format!("`{site}` to {to}: {model}")));
        }
    }
    if all {
        let about = |kept: &&Kept| {
            !findings.iter().any(|finding| kept.is_about(finding.weakening.site, finding.weakening.to))
        };
        wrong.extend(kept.iter().filter(about).map(|kept| {
            let Kept { file, function, operation, to, .. } = kept;
            format!("kept.rs: there is no `{file} {function} {operation}` that could be {to}")
        }));
    }
    wrong
}

/// The whole file.
pub(crate) fn render(findings: &[Finding<'_>], kept: &[Kept], figures: Figures) -> String {
    let caught = findings.iter().filter(|finding| finding.caught.is_some()).count();
    let Figures { models, sites } = figures;
    let mut text = format!(
        "# What needs each memory ordering\n\n\
         Written by `cargo xtask orderings`, which weakens one ordering of sync-core at a time and runs the loom models\n\
         that reach it, until one fails. That one is named below; there may be others. Where none fails, the reason why\n\
         the ordering stays is in `xtask/src/orderings/kept.rs`.\n\n\
         Not here: what is `Relaxed` already, and what loom does not tell apart (it takes `SeqCst` accesses for `AcqRel`,\n\
         and explores no load buffering).\n\n\
         {models} models, {sites} orderings, {} weakenings: {caught} fail in a model, {} kept for a reason.\n",
        findings.len(),
        findings.len() - caught,
    );
    let mut file = "";
    for finding in findings {
        let (site, to) = (finding.weakening.site, finding.weakening.to);
        if site.file != file {
            file = &site.file;
            _ = write!(text, "\n## `{file}`\n\n{HEAD}");
        }
        let why = if let Some((model, _)) = &finding.caught {
            format!("`{model}`")
        } else {
            let why = kept.iter().find(|kept| kept.is_about(site, to)).map_or("?", |kept| kept.why);
            format!("none of {}: {why}", finding.reached)
        };
        let Site { function, operation, order, .. } = site;
        _ = writeln!(text, "| `{function}` | {operation} | `{order}` | {to} | {why} |");
    }
    text
}

const HEAD: &str =
    "| function | operation | ordering | weakened to | model that fails |\n| --- | --- | --- | --- | --- |\n";

/// The rows of a table that was written before: what each site and weakening had in its last column.
pub(crate) fn rows(text: &str) -> HashMap<String, String> {
    let mut rows = HashMap::new();
    let mut file = "";
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("## `") {
            file = name.trim_end_matches('`');
        } else if let Some(row) = line.strip_prefix("| `") {
            let cells: Vec<_> = row.trim_end_matches(" |").splitn(5, " | ").collect();
            if let [function, operation, order, to, why] = *cells.as_slice() {
                let function = function.trim_end_matches('`');
                let order = order.trim_matches('`');
                let site = format!("{file} {function} {operation} {order} to {to}");
                rows.insert(site, why.trim_matches('`').to_owned());
            }
        }
    }
    rows
}

/// What [`rows`] has a row under.
pub(crate) fn row_of(site: &Site, to: super::sites::Weaker) -> String {
    format!("{site} to {to}")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::search::Weakening;
    use super::super::sites::{self, Order, Weaker};
    use super::super::{TABLE, copy, kept, weakenings};
    use super::*;

    fn site() -> Site {
        Site {
            file: "state/x.rs".to_owned(),
            function: "Word::turn".to_owned(),
            operation: "`swap`".to_owned(),
            order: Order::Release,
            bytes: 0..7,
            fence: false,
        }
    }

    fn finding(site: &Site, caught: bool) -> Finding<'_> {
        Finding {
            weakening: Weakening { number: 0, site, to: Weaker::Relaxed },
            caught: caught.then(|| ("loom_x: a_model".to_owned(), "assertion failed".to_owned())),
            reached: 12,
            unfinished: Vec::new(),
        }
    }

    const REASON: Kept = Kept {
        file: "state/x.rs",
        function: "Word::turn",
        operation: "`swap`",
        to: Weaker::Relaxed,
        why: "loom does not do that",
    };

    #[test]
    fn who_is_caught_needs_no_reason_and_who_is_not_needs_one() {
        let site = site();
        assert_eq!(objections(&[finding(&site, true)], &[], true), [""; 0]);
        assert_eq!(objections(&[finding(&site, false)], &[REASON], true), [""; 0]);
    }

    #[test]
    fn what_nobody_notices_and_nobody_explains_is_an_objection() {
        let site = site();
        let wrong = objections(&[finding(&site, false)], &[], true);
        assert!(wrong.len() == 1 && wrong[0].contains("none of the 12 models"), "{wrong:?}");
    }

    #[test]
    fn a_reason_beside_a_model_that_fails_is_an_objection() {
        let site = site();
        let wrong = objections(&[finding(&site, true)], &[REASON], true);
        assert!(wrong.len() == 1 && wrong[0].contains("loom_x: a_model fails"), "{wrong:?}");
    }

    #[test]
    fn a_reason_for_nothing_is_an_objection_when_all_were_looked_at() {
        let site = site();
        let gone = Kept { function: "Word::gone", ..REASON };
        let findings = [finding(&site, true)];
        assert_eq!(objections(&findings, &[gone], true).len(), 1);
        let gone = Kept { function: "Word::gone", ..REASON };
        assert_eq!(objections(&findings, &[gone], false), [""; 0]);
    }

    #[test]
    fn a_model_that_did_not_end_is_no_proof() {
        let site = site();
        let unfinished = Finding { unfinished: vec!["loom_x: long".to_owned()], ..finding(&site, false) };
        assert_eq!(objections(&[unfinished], &[REASON], true).len(), 1);
    }

    #[test]
    fn what_is_written_can_be_read() {
        let site = site();
        let figures = Figures { models: 20, sites: 1 };
        let text = render(&[finding(&site, true)], &[], figures);
        let rows = rows(&text);
        assert_eq!(rows.get(&row_of(&site, Weaker::Relaxed)).map(String::as_str), Some("loom_x: a_model"));
        assert!(text.contains("1 weakenings: 1 fail in a model, 0 kept"), "{text}");
        let text = render(&[finding(&site, false)], &[REASON], figures);
        assert!(text.contains("| Relaxed | none of 12: loom does not do that |"), "{text}");
    }

    /// The table takes a while to make; whether it is about the present source does not.
    #[test]
    fn the_table_has_a_row_for_each_weakening_and_no_other() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let sources = sites::read(&root.join(copy::LIBRARY)).expect("the library can be read");
        let sites = copy::numbered(&sources);
        let mut rows = rows(&fs::read_to_string(root.join(TABLE)).expect("the table is there"));
        for weakening in weakenings(&sites, None) {
            let row = row_of(weakening.site, weakening.to);
            let why =
                rows.remove(&row).unwrap_or_else(|| panic!("no row for {row}: `cargo xtask orderings`"));
            let reason = kept::KEPT.iter().any(|kept| kept.is_about(weakening.site, weakening.to));
            assert_eq!(why.starts_with("none of"), reason, "{row}: {why}");
        }
        assert!(rows.is_empty(), "rows for what is not there any more: {:?}", rows.keys());
    }
}
