//! The table that says what needs each ordering.

use core::fmt::Write;
use std::collections::HashMap;
use std::path::Path;

use crate::reasons::{Reason, Reasons};
use crate::search::{Finding, Weakening};
use crate::site::{Site, Weaker};

/// What a table says besides its rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures<'a> {
    pub(crate) models: usize,
    pub(crate) sites: usize,
    /// What writes the table.
    pub(crate) command: &'a str,
    /// Where the reasons are.
    pub(crate) reasons: Option<&'a Path>,
}

/// What is wrong with the table as it would be, a line each.
pub(crate) fn objections(findings: &[Finding<'_>], reasons: &Reasons, all: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for finding in findings {
        let (site, to) = (finding.weakening.site, finding.weakening.to);
        match (&finding.caught, reasons.about(site, to).count()) {
            (Some(_), 0) | (None, 1) => {}
            (Some((model, _)), _) => {
                wrong.push(format!("`{site}` to {to} has a reason in the list, but {model} fails with it"));
            }
            (None, 0) => wrong.push(format!(
                "`{site}` to {to}: none of the {} models that reach it fails, and the list has no reason: weaken it, \
                 write the model, or give the reason",
                finding.reached
            )),
            (None, _) => wrong.push(format!("`{site}` to {to} has several reasons in the list")),
        }
        if finding.caught.is_none() {
            wrong.extend(finding.unfinished.iter().map(|model| format!("`{site}` to {to}: {model}")));
        }
    }
    if all {
        let weakenings: Vec<_> = findings.iter().map(|finding| finding.weakening).collect();
        wrong.extend(without_a_site(reasons, &weakenings));
    }
    wrong
}

/// Reasons for orderings that do not exist.
fn without_a_site(reasons: &Reasons, weakenings: &[Weakening<'_>]) -> impl Iterator<Item = String> {
    let exists =
        |reason: &&Reason| weakenings.iter().any(|weakening| reason.is_about(weakening.site, weakening.to));
    reasons.ordering.iter().filter(move |reason| !exists(reason)).map(|reason| {
        let Reason { file, function, operation, to, .. } = reason;
        format!("the list has a reason for `{file} {function} {operation}` to {to}, which does not exist")
    })
}

/// What is wrong with a table that was written before, of a source whose weakenings are now `weakenings`.
pub(crate) fn stale(text: &str, weakenings: &[Weakening<'_>], reasons: &Reasons) -> Vec<String> {
    let mut rows = rows(text);
    let mut wrong = Vec::new();
    for &Weakening { site, to, .. } in weakenings {
        let row = row_of(site, to);
        match rows.remove(&row) {
            None => wrong.push(format!("no row for {row}")),
            Some(why) if why.starts_with("none of") != reasons.about(site, to).next().is_some() => {
                wrong.push(format!("the row and the list of reasons disagree about {row}: {why}"));
            }
            Some(_) => {}
        }
    }
    wrong.extend(rows.into_keys().map(|row| format!("a row for what is no longer in the source: {row}")));
    wrong.extend(without_a_site(reasons, weakenings));
    wrong
}

/// The whole file.
pub(crate) fn render(findings: &[Finding<'_>], reasons: &Reasons, figures: &Figures<'_>) -> String {
    let caught = findings.iter().filter(|finding| finding.caught.is_some()).count();
    let Figures { models, sites, command, reasons: list } = figures;
    let list = list.map_or_else(String::new, |list| format!(" in `{}`", list.display()));
    let mut text = format!(
        "# What needs each memory ordering\n\n\
         Written by `{command}`, which weakens one ordering at a time and runs the loom models that reach it until\n\
         one fails. That model is named below; there may be others. Where none fails, the reason why the ordering\n\
         stays is{list}.\n\n\
         Not here: what is `Relaxed` already, and what loom does not tell apart (it treats `SeqCst` accesses as\n\
         `AcqRel`, and explores no load buffering).\n\n\
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
            let why = reasons.about(site, to).next().map_or("?", |reason| &reason.why);
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
pub(crate) fn row_of(site: &Site, to: Weaker) -> String {
    format!("{site} to {to}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::Order;

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

    /// One reason, for this function.
    fn reasons(function: &str) -> Reasons {
        let (file, operation, why) = ("state/x.rs".into(), "`swap`".into(), "loom does not do that".into());
        Reasons {
            ordering: vec![Reason { file, function: function.into(), operation, to: Weaker::Relaxed, why }],
        }
    }

    #[test]
    fn ordering_needs_a_model_or_a_reason() {
        let site = site();
        assert_eq!(objections(&[finding(&site, true)], &Reasons::default(), true), [""; 0]);
        assert_eq!(objections(&[finding(&site, false)], &reasons("Word::turn"), true), [""; 0]);
        let wrong = objections(&[finding(&site, false)], &Reasons::default(), true);
        assert!(wrong.len() == 1 && wrong[0].contains("none of the 12 models"), "{wrong:?}");
    }

    #[test]
    fn reason_beside_a_failing_model_is_an_objection() {
        let site = site();
        let wrong = objections(&[finding(&site, true)], &reasons("Word::turn"), true);
        assert!(wrong.len() == 1 && wrong[0].contains("loom_x: a_model fails"), "{wrong:?}");
    }

    #[test]
    fn reason_for_no_ordering_is_an_objection_when_all_were_tried() {
        let site = site();
        let findings = [finding(&site, true)];
        assert_eq!(objections(&findings, &reasons("Word::gone"), true).len(), 1);
        assert_eq!(objections(&findings, &reasons("Word::gone"), false), [""; 0]);
    }

    #[test]
    fn unfinished_model_is_an_objection() {
        let site = site();
        let unfinished = Finding { unfinished: vec!["loom_x: long".to_owned()], ..finding(&site, false) };
        assert_eq!(objections(&[unfinished], &reasons("Word::turn"), true).len(), 1);
    }

    fn rendered(site: &Site, caught: bool, reasons: &Reasons) -> String {
        let figures = Figures { models: 20, sites: 1, command: "x", reasons: None };
        render(&[finding(site, caught)], reasons, &figures)
    }

    #[test]
    fn table_is_read_as_it_is_written() {
        let site = site();
        let text = rendered(&site, true, &Reasons::default());
        let rows = rows(&text);
        assert_eq!(rows.get(&row_of(&site, Weaker::Relaxed)).map(String::as_str), Some("loom_x: a_model"));
        assert!(text.contains("1 weakenings: 1 fail in a model, 0 kept"), "{text}");
        let text = rendered(&site, false, &reasons("Word::turn"));
        assert!(text.contains("| Relaxed | none of 12: loom does not do that |"), "{text}");
    }

    #[test]
    fn table_of_another_source_or_list_is_stale() {
        let site = site();
        let now = [Weakening { number: 0, site: &site, to: Weaker::Relaxed }];
        let (none, reason) = (Reasons::default(), reasons("Word::turn"));
        let (caught, kept) = (rendered(&site, true, &none), rendered(&site, false, &reason));
        assert_eq!(stale(&caught, &now, &none), [""; 0]);
        assert_eq!(stale(&kept, &now, &reason), [""; 0]);
        for (text, weakenings, list, says) in [
            (&caught, &now[..], &reason, "disagree"),
            (&kept, &now, &none, "disagree"),
            (&caught, &[], &none, "no longer in the source"),
            (&String::new(), &now, &none, "no row for"),
            (&caught, &now, &reasons("Word::gone"), "does not exist"),
        ] {
            let wrong = stale(text, weakenings, list);
            assert!(wrong.len() == 1 && wrong[0].contains(says), "{wrong:?}");
        }
    }
}
