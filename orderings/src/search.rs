//! Which model fails with which weaker ordering.

use core::time::Duration;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::models::{Model, Verdict};
use crate::site::{Site, Weaker};
use crate::store::{self, Store};

/// For a model with all orderings as they are.
const LIMIT: Duration = Duration::from_mins(20);

/// What a weaker ordering may cost beyond what the model costs without: there is more to explore then.
const FACTOR: u32 = 10;
const ALLOWANCE: Duration = Duration::from_mins(1);

/// A model, and what is known of it.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) model: Model,
    /// What the results are kept under.
    key: u64,
    /// The numbers of the sites that it reaches.
    pub(crate) sites: BTreeSet<usize>,
    took: Duration,
}

/// A site, and what it is weakened to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weakening<'s> {
    pub(crate) number: usize,
    pub(crate) site: &'s Site,
    pub(crate) to: Weaker,
}

/// The result of a weakening.
#[derive(Debug, Clone)]
pub(crate) struct Finding<'s> {
    pub(crate) weakening: Weakening<'s>,
    /// The first model that fails, and what it says.
    pub(crate) caught: Option<(String, String)>,
    /// How many models reach the site.
    pub(crate) reached: usize,
    /// Those that did not come to an end, and why.
    pub(crate) unfinished: Vec<String>,
}

/// What all runs have in common.
#[derive(Debug)]
pub(crate) struct Search<'w> {
    pub(crate) store: &'w Store,
    /// Stands for the library.
    pub(crate) library: u64,
    /// Where traces are written.
    pub(crate) scratch: &'w Path,
    pub(crate) jobs: usize,
    pub(crate) until: Instant,
}

impl Search<'_> {
    /// Runs every model as it is.
    ///
    /// # Errors
    ///
    /// When one does not pass, or time is up.
    pub(crate) fn baseline(&self, models: Vec<Model>, said: impl Fn(&str) + Sync) -> Result<Vec<Known>> {
        let mut hashes = HashMap::new();
        for Model { source, .. } in &models {
            if !hashes.contains_key(source) {
                let support = source.with_file_name("support");
                let files = [source.clone()].into_iter().chain(support.is_dir().then_some(support));
                hashes.insert(source.clone(), store::hash_of_sources(&files.collect::<Vec<_>>())?);
            }
        }
        let done = Mutex::new(0_usize);
        let all = models.len();
        parallel(self.jobs, models, |model| {
            let key = store::hash((self.library, hashes[&model.source], model.title()));
            let text = self.known(key, || {
                let (sites, took) = model.trace(&self.scratch.join(format!("{key:x}")), LIMIT)?;
                let sites: Vec<_> = sites.iter().map(ToString::to_string).collect();
                Ok(format!("{} {}", took.as_millis(), sites.join(",")))
            })?;
            let (took, sites) = text.split_once(' ').unwrap_or((&text, ""));
            let sites = sites.split(',').filter_map(|site| site.parse().ok()).collect();
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            *done += 1;
            if done.is_multiple_of(100) || *done == all {
                said(&format!("{done} of {all} models have run as they are"));
            }
            Ok(Known { model, key, sites, took: Duration::from_millis(took.parse().unwrap_or(0)) })
        })
    }

    /// Runs the models that reach it, `first` before the others and then the shortest, until one fails.
    ///
    /// # Errors
    ///
    /// When one cannot be run, or time is up.
    pub(crate) fn find<'s>(
        &self,
        models: &[Known],
        weakening: Weakening<'s>,
        first: Option<&str>,
    ) -> Result<Finding<'s>> {
        let mut reaching: Vec<_> =
            models.iter().filter(|known| known.sites.contains(&weakening.number)).collect();
        reaching.sort_by_key(|known| (Some(known.model.title().as_str()) != first, known.took));
        let mut finding =
            Finding { weakening, caught: None, reached: reaching.len(), unfinished: Vec::new() };
        for known in reaching {
            let title = known.model.title();
            let key = store::hash((known.key, weakening.number, weakening.to.to_string()));
            let text = self.known(key, || {
                let limit = known.took * FACTOR + ALLOWANCE;
                Ok(written(&known.model.weakened(weakening.number, weakening.to, limit)?))
            })?;
            match read(&text) {
                Verdict::Passed => {}
                Verdict::Unfinished(why) => finding.unfinished.push(format!("{title}: {why}")),
                Verdict::Failed(why) => {
                    finding.caught = Some((title, why));
                    break;
                }
            }
        }
        Ok(finding)
    }

    /// What is known about `key`, or what `find` finds out.
    fn known(&self, key: u64, find: impl FnOnce() -> Result<String>) -> Result<String> {
        if let Some(text) = self.store.get(key) {
            return Ok(text);
        }
        if Instant::now() >= self.until {
            bail!("time is up; the same command continues from here");
        }
        let text = find()?;
        self.store.put(key, text.clone())?;
        Ok(text)
    }
}

fn written(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Passed => "passed".to_owned(),
        Verdict::Failed(why) => format!("failed {why}"),
        Verdict::Unfinished(why) => format!("unfinished {why}"),
    }
}

fn read(text: &str) -> Verdict {
    match text.split_once(' ') {
        Some(("failed", why)) => Verdict::Failed(why.to_owned()),
        Some(("unfinished", why)) => Verdict::Unfinished(why.to_owned()),
        _ => Verdict::Passed,
    }
}

/// Calls `f` with each of `items`, in `jobs` threads; returns the results in the order of the items.
///
/// # Errors
///
/// Those of `f`, the first of which keeps further items from being begun.
pub(crate) fn parallel<T: Send, R: Send>(
    jobs: usize,
    items: Vec<T>,
    f: impl Fn(T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let items = Mutex::new(items.into_iter().enumerate());
    let results = Mutex::new(Vec::new());
    let failure = Mutex::new(None);
    let lock = |mutex: &Mutex<Option<_>>| mutex.lock().unwrap_or_else(PoisonError::into_inner).is_some();
    thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while !lock(&failure) {
                    let next = items.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((index, item)) = next else { break };
                    match f(item) {
                        Ok(result) => {
                            results.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
                        }
                        Err(error) => {
                            failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                        }
                    }
                }
            });
        }
    });
    if let Some(error) = failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}
