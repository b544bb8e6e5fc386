//! `cargo xtask sizes`: what each primitive adds to a firmware, and what its peers add.
//!
//! The images are in `firmware/sizes`: one per primitive and library, with one static, one wait and one
//! wake-up. What the image `empty` has is subtracted. A row of ours has a limit, so that it can only shrink;
//! lower the limits with it.

use core::fmt::Write as _;
use core::time::Duration;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use object::{Object as _, ObjectSection as _, SectionFlags, SectionKind, elf};

use crate::needs::Need;
use crate::step::{Count, Job, Step};
use crate::tables::{Tables, Update};
use crate::workspace::Workspace;

const TABLES: Tables = Tables { file: "benches/SIZES.md", command: "sizes" };

/// The targets, in the order of the limits below.
const TARGETS: [&str; 3] =
    ["thumbv7em-none-eabihf", "riscv32imac-unknown-none-elf", "riscv32imc-unknown-none-elf"];

/// What is measured.
struct Row {
    /// The images are `{image}-ours`, and so on.
    image: &'static str,
    shown: &'static str,
    /// What ours may add at most, for each target.
    limits: [u64; TARGETS.len()],
    /// What it is to add at most on the first target.
    goal: u64,
    maitake: bool,
    /// The image of what is nearest there, and its name.
    embassy: &'static [(&'static str, &'static str)],
}

const ROWS: [Row; 10] = [
    Row {
        image: "wait-cell",
        shown: "`WaitCell`",
        limits: [714, 738, 976],
        goal: 650,
        maitake: true,
        embassy: &[("wait-cell", "`AtomicWaker`"), ("wait-cell-signal", "`Signal`")],
    },
    Row {
        image: "mutex",
        shown: "`Mutex`",
        limits: [1108, 1150, 1540],
        goal: 1250,
        maitake: true,
        embassy: &[("mutex", "`Mutex`, one waiter")],
    },
    Row {
        image: "wait-map",
        shown: "`WaitMap`, unique",
        limits: [1104, 1224, 1614],
        goal: 1184,
        maitake: true,
        embassy: &[],
    },
    Row {
        image: "wait-queue",
        shown: "`WaitQueue`, `wake`",
        limits: [1464, 1592, 2096],
        goal: 1250,
        maitake: true,
        embassy: &[("wait-queue", "`MultiWakerRegistration<4>`")],
    },
    Row {
        image: "wake-all",
        shown: "`WaitQueue`, `wake` and `wake_all`",
        limits: [1972, 2160, 2712],
        goal: 1500,
        maitake: true,
        embassy: &[],
    },
    Row {
        image: "semaphore",
        shown: "`Semaphore`",
        limits: [1610, 1755, 2275],
        goal: 1248,
        maitake: true,
        embassy: &[("semaphore", "`FairSemaphore<4>`")],
    },
    Row {
        image: "rwlock",
        shown: "`RwLock`, read and write",
        limits: [2196, 2340, 2870],
        goal: 1496,
        maitake: true,
        embassy: &[("rwlock", "`RwLock`, one waiter")],
    },
    Row {
        image: "event",
        shown: "`Event`",
        limits: [1620, 1672, 2362],
        goal: 1600,
        maitake: false,
        embassy: &[],
    },
    Row {
        image: "all",
        shown: "`Mutex`, `RwLock`, `Semaphore`, `WaitQueue`, `WaitMap` in one",
        limits: [6764, 7375, 9659],
        goal: 4144,
        maitake: true,
        embassy: &[],
    },
    Row {
        image: "setter",
        shown: "a checked setter of a `#[bitfield]`",
        limits: [24, 50, 50],
        goal: 64,
        maitake: false,
        embassy: &[],
    },
];

/// Builds the images, and then measures them.
pub(crate) fn steps(workspace: &Workspace, Update { update }: Update) -> Vec<Step> {
    let mut step = Step::new("sizes", TARGETS.map(|target| build(workspace, target)).into())
        .counts(Count::Jobs("targets"), Some(TARGETS.len()))
        .within(Duration::from_mins(10));
    step.needs = TARGETS.map(Need::Target).into();
    step.then = Some(if update { write_tables } else { check_tables });
    vec![step]
}

fn build(workspace: &Workspace, target: &str) -> Job {
    // What a panic says names a file: by a path that is as long wherever the workspace is.
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap_or_default();
    let flags = format!(
        "--remap-path-prefix={}=/sync-core --remap-path-prefix={}=/registry",
        workspace.root.display(),
        home.join("registry").join("src").display()
    );
    Job::cargo("build --locked --release -p sizes --bins")
        .args(["--manifest-path".into(), workspace.root.join("firmware").join("Cargo.toml").into_os_string()])
        .args(["--target-dir".into(), images(workspace).into_os_string()])
        .args(["--target", target])
        .env("RUSTFLAGS", workspace.rustflags(&flags))
}

fn images(workspace: &Workspace) -> PathBuf {
    workspace.target.join("sizes")
}

fn write_tables(workspace: &Workspace, _: &[String]) -> Result<()> {
    TABLES.write(workspace, &Measured::read(workspace)?.tables()?)
}

/// Fails when a row is above its limit, or the tables are not those of this run, give or take a tenth.
fn check_tables(workspace: &Workspace, _: &[String]) -> Result<()> {
    let measured = Measured::read(workspace)?;
    let above = measured.above_the_limit()?;
    if !above.is_empty() {
        bail!("above the limit in xtask/src/sizes.rs: {}", above.join("; "));
    }
    TABLES.check(workspace, &measured.tables()?)
}

/// What the images have.
struct Measured {
    /// By target and image, what it adds to the empty one.
    flash: BTreeMap<(&'static str, String), u64>,
    /// By library and name.
    memory: BTreeMap<(&'static str, String), u64>,
}

impl Measured {
    fn read(workspace: &Workspace) -> Result<Self> {
        let image = |target: &str, name: &str| {
            let path = images(workspace).join(target).join("release").join(name);
            fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        let mut measured = Self { flash: BTreeMap::new(), memory: BTreeMap::new() };
        for target in TARGETS {
            let empty = flash_bytes(&image(target, "empty")?)?;
            for name in names() {
                let bytes = flash_bytes(&image(target, &name)?)?;
                measured.flash.insert((target, name), bytes.saturating_sub(empty));
            }
        }
        for library in ["ours", "maitake", "embassy"] {
            let sizes = recorded(&image(TARGETS[0], &format!("ram-{library}"))?)?;
            measured.memory.extend(sizes.into_iter().map(|(name, bytes)| ((library, name), bytes)));
        }
        Ok(measured)
    }

    fn flash(&self, target: &'static str, image: &str, library: &str) -> Result<u64> {
        let name = format!("{image}-{library}");
        self.flash
            .get(&(target, name))
            .copied()
            .with_context(|| format!("{image}-{library} was not measured"))
    }

    /// Each row of ours that is too large, with the figures.
    fn above_the_limit(&self) -> Result<Vec<String>> {
        let mut above = Vec::new();
        for row in &ROWS {
            for (target, limit) in TARGETS.into_iter().zip(row.limits) {
                let bytes = self.flash(target, row.image, "ours")?;
                if bytes > limit {
                    above.push(format!("{} on {target} adds {bytes} bytes, {limit} are allowed", row.shown));
                }
            }
        }
        Ok(above)
    }

    fn tables(&self) -> Result<String> {
        let mut text = String::new();
        for (index, target) in TARGETS.into_iter().enumerate() {
            writeln!(text, "\n### Flash on `{target}`\n")?;
            let goal = if index == 0 { " goal |" } else { "" };
            writeln!(
                text,
                "| one wait and one wake-up of | sync-core | limit |{goal} maitake-sync | embassy-sync |"
            )?;
            writeln!(text, "| --- | ---: | ---: |{} ---: | --- |", if index == 0 { " ---: |" } else { "" })?;
            for row in &ROWS {
                let ours = self.flash(target, row.image, "ours")?;
                let goal = if index == 0 { format!(" {} |", row.goal) } else { String::new() };
                let maitake = if row.maitake {
                    self.flash(target, row.image, "maitake")?.to_string()
                } else {
                    String::new()
                };
                let embassy = row
                    .embassy
                    .iter()
                    .map(|(image, shown)| Ok(format!("{shown} {}", self.flash(target, image, "embassy")?)));
                let embassy = embassy.collect::<Result<Vec<_>>>()?.join(", ");
                let Row { shown, limits, .. } = row;
                writeln!(text, "| {shown} | {ours} | {} |{goal} {maitake} | {embassy} |", limits[index])?;
            }
        }
        writeln!(text, "\n### Memory, 32 bits\n")?;
        writeln!(
            text,
            "| | sync-core | its future | maitake-sync | its future | embassy-sync, its future |"
        )?;
        writeln!(text, "| --- | ---: | ---: | ---: | ---: | --- |")?;
        for row in ROWS.iter().filter(|row| self.memory.contains_key(&("ours", row.image.to_owned()))) {
            let size =
                |library, image: &str| self.memory.get(&(library, image.to_owned())).map(u64::to_string);
            let both = |library, image: &str| {
                let future = size(library, &format!("{image} future"));
                (size(library, image).unwrap_or_default(), future.unwrap_or_default())
            };
            let (ours, maitake) = (both("ours", row.image), both("maitake", row.image));
            let embassy = row.embassy.iter().map(|(image, shown)| {
                let (bytes, future) = both("embassy", image);
                let comma = if future.is_empty() { "" } else { ", " };
                format!("{shown} {bytes}{comma}{future}")
            });
            let embassy: Vec<_> = embassy.collect();
            let shown = row.shown.split(',').next().unwrap_or(row.shown);
            let ((a, b), (c, d)) = (ours, maitake);
            writeln!(text, "| {shown} | {a} | {b} | {c} | {d} | {} |", embassy.join("; "))?;
        }
        text += "\n";
        Ok(text)
    }
}

/// The images that are measured.
fn names() -> impl Iterator<Item = String> {
    ROWS.iter().flat_map(|row| {
        let ours = [format!("{}-ours", row.image)];
        let maitake = row.maitake.then(|| format!("{}-maitake", row.image));
        let embassy = row.embassy.iter().map(|(image, _)| format!("{image}-embassy"));
        ours.into_iter().chain(maitake).chain(embassy)
    })
}

/// What an image takes in flash: code, constants, and what variables begin with. Tables for unwinding, which
/// a linker script for a chip discards, do not count.
fn flash_bytes(image: &[u8]) -> Result<u64> {
    let file = object::File::parse(image)?;
    let mut bytes = 0;
    for section in file.sections() {
        let SectionFlags::Elf { sh_flags } = section.flags() else { bail!("not an ELF file") };
        let loaded = sh_flags & u64::from(elf::SHF_ALLOC) != 0
            && !matches!(section.kind(), SectionKind::UninitializedData | SectionKind::UninitializedTls);
        let name = section.name()?;
        if loaded && !name.starts_with(".ARM.ex") && !name.starts_with(".eh_frame") {
            bytes += section.size();
        }
    }
    ensure!(bytes > 0, "an image has no code");
    Ok(bytes)
}

/// The records of the section `.sizes`: a name of 28 bytes, and a size.
fn recorded(image: &[u8]) -> Result<Vec<(String, u64)>> {
    let file = object::File::parse(image)?;
    let section = file.section_by_name(".sizes").context("an image has no section `.sizes`")?;
    let (records, rest) = section.data()?.as_chunks::<32>();
    ensure!(rest.is_empty() && !records.is_empty(), "the section `.sizes` is not what it was");
    let record = |record: &[u8; 32]| {
        let (name, bytes) = record.split_at(28);
        let name = String::from_utf8_lossy(name).trim_end_matches('\0').to_owned();
        Ok((name, u64::from(u32::from_le_bytes(bytes.try_into()?))))
    };
    records.iter().map(record).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn each_image_is_measured_and_each_row_has_its_images() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../firmware/sizes/src/bin");
        let there = fs::read_dir(folder).expect("the images are part of the repository").flatten();
        let mut there: Vec<_> = there
            .map(|entry| entry.file_name().to_string_lossy().trim_end_matches(".rs").to_owned())
            .filter(|name| name != "empty" && !name.starts_with("ram-"))
            .collect();
        let mut measured: Vec<_> = names().collect();
        there.sort();
        measured.sort();
        assert_eq!(there, measured);
    }

    #[test]
    fn a_row_above_its_limit_is_named() {
        let mut measured = Measured { flash: BTreeMap::new(), memory: BTreeMap::new() };
        for target in TARGETS {
            measured.flash.extend(names().map(|name| ((target, name), 0)));
        }
        assert_eq!(measured.above_the_limit().expect("all were measured"), [""; 0]);
        let Row { image, limits, .. } = &ROWS[1];
        measured.flash.insert((TARGETS[2], format!("{image}-ours")), limits[2]);
        assert_eq!(measured.above_the_limit().expect("all were measured"), [""; 0]);
        measured.flash.insert((TARGETS[2], format!("{image}-ours")), limits[2] + 1);
        let above = measured.above_the_limit().expect("all were measured");
        let [only] = above.as_slice() else { panic!("one row is above, not {above:?}") };
        assert!(only.starts_with("`Mutex` on riscv32imc-unknown-none-elf adds "), "{only}");
    }

    #[test]
    fn the_document_has_a_place_for_the_tables() {
        let (before, _, after) = TABLES.parts(include_str!("../../benches/SIZES.md")).expect("both marks");
        assert!(!before.is_empty() && !after.is_empty());
    }
}
