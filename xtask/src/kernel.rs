//! Builds the bare-metal kernel, boots it in QEMU, and keeps the tables of what the library costs there.

use core::fmt::Write as _;
use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use object::{Object as _, ObjectSection as _, SectionFlags, elf};

use crate::guest::{self, Guest};
use crate::minimums;
use crate::needs::QEMU;
use crate::step::{Expect, Feed, Job, Step};
use crate::tables::{Tables, Update};
use crate::workspace::Workspace;

/// QEMU's exit statuses: twice what the guest wrote, plus one. As in `kernel/src/devices/debug_exit.rs`.
const SUCCESS: i32 = 33;
const FAILURE: i32 = 35;
const DEAD_LOCK: i32 = 37;

/// What the host sends to the console; the guest knows the same rule (`kernel/src/tests/waking.rs`).
const BURST: usize = 4096;

/// The machine, but for its CPUs and its kernel.
const MACHINE: &str = "-accel tcg -machine pc -m 64M -nodefaults -display none -no-reboot \
    -serial stdio -serial null -device isa-debug-exit,iobase=0xf4,iosize=0x04";

/// Under which the guest's clock counts instructions.
const COUNT_INSTRUCTIONS: &str = "-icount shift=3,sleep=off";

/// What the images of kernel/sizes hold, each in addition to what `none` holds.
const PRIMITIVES: [(&str, &str); 12] = [
    ("blocking-mutex", "`blocking::Mutex`"),
    ("mutex", "`Mutex`"),
    ("rwlock", "`RwLock`: read, write"),
    ("semaphore", "`Semaphore`"),
    ("wait-cell", "`WaitCell`"),
    ("wait-queue", "`WaitQueue`: `wake`, `wake_all`"),
    ("wait-map", "`WaitMap`"),
    ("up-to", "`#[wait_map(match = up_to)]`"),
    ("mask", "`#[wait_map(match = mask)]`: `wait_all`, `set`"),
    ("fifo", "`#[wait_map(match = fifo)]`: `wake_all`"),
    ("event", "`Event`"),
    ("barrier", "`Barrier`"),
];

const TABLES: Tables = Tables { file: "kernel/README.md", command: "kernel" };

/// Everything about the kernel.
pub(crate) fn steps(workspace: &Workspace, Update { update }: Update) -> Vec<Step> {
    let images = Images::of(workspace);
    vec![lints(&images), boots(&images), failures(&images), costs(&images, update)]
}

/// Where the kernel is, and what is built of it.
struct Images {
    guest: Guest,
    /// Built with the feature `costs`, which is not to replace the other image.
    metered: PathBuf,
}

impl Images {
    fn of(workspace: &Workspace) -> Self {
        let guest = Guest::of(workspace, "kernel");
        Self { metered: guest.target.join("metered"), guest }
    }

    fn boot(&self, profile: &str, cpus: usize, line: &str) -> Job {
        qemu(&self.guest.target.join(profile).join("kernel"), cpus, line)
    }
}

fn qemu(image: &Path, cpus: usize, line: &str) -> Job {
    Job::new("qemu-system-x86_64")
        .args(MACHINE.split_whitespace())
        .args(["-smp".to_owned(), cpus.to_string(), "-append".to_owned(), line.to_owned()])
        .args(["-kernel".into(), image.to_owned().into_os_string()])
}

fn lints(images: &Images) -> Step {
    images
        .guest
        .lints("kernel (lints)", &["clippy --features costs,sizes", "doc --no-deps --lib --features costs"])
}

/// One CPU and two, without optimisation and with it.
fn boots(images: &Images) -> Step {
    let boot = |profile, cpus| {
        images
            .boot(profile, cpus, &format!("cpus={cpus} console={BURST}"))
            .feed(Feed { after: "the console is ready for", bytes: burst() })
            .expect(Expect::Status(SUCCESS, "test result: ok."))
    };
    let jobs = vec![
        images.guest.cargo("build"),
        images.guest.cargo("build --release"),
        boot("debug", 1),
        boot("debug", 2),
        boot("release", 1),
        boot("release", 2),
    ];
    guest::boots("kernel (boot)", jobs, minimums::GUEST).needs(QEMU)
}

fn burst() -> Vec<u8> {
    (0..BURST).map(|n| (n * 31 + n / 256).to_le_bytes()[0]).collect()
}

/// That a failure in the guest is one of the run; and that the library's promise has a condition.
fn failures(images: &Images) -> Step {
    let fails =
        |cpus, line, status, text| images.boot("release", cpus, line).expect(Expect::Status(status, text));
    let jobs = vec![
        fails(1, "panic", FAILURE, "test fails::on_purpose ... FAILED"),
        fails(1, "overflow", FAILURE, "exception 14 on CPU 0"),
        fails(1, "cpus=2", FAILURE, "CPUs that were promised"),
        fails(2, "counter-example", DEAD_LOCK, "does not leave its interrupt handler"),
    ];
    guest::failures("kernel (must fail)", "boots", jobs).needs(QEMU)
}

fn costs(images: &Images, update: bool) -> Step {
    let image = images.metered.join("release").join("kernel");
    let mut step = Step::new(
        "kernel (costs)",
        vec![
            images.guest.cargo_into("build --release --features costs", &images.metered),
            images.guest.cargo("build --release --features sizes"),
            images.guest.cargo("build --profile small --features sizes"),
            qemu(&image, 1, "costs")
                .args(COUNT_INSTRUCTIONS.split_whitespace())
                .expect(Expect::Status(SUCCESS, "| operation |")),
        ],
    )
    .needs(QEMU)
    .within(Duration::from_mins(5));
    step.then = Some(if update { write_tables } else { check_tables });
    step
}

/// Puts what the guest printed, and the sizes of the images, into the README.
fn write_tables(workspace: &Workspace, lines: &[String]) -> Result<()> {
    TABLES.write(workspace, &measured(workspace, lines)?)
}

/// Fails when the README's tables are not those of this run, give or take a tenth.
fn check_tables(workspace: &Workspace, lines: &[String]) -> Result<()> {
    TABLES.check(workspace, &measured(workspace, lines)?)
}

fn measured(workspace: &Workspace, lines: &[String]) -> Result<String> {
    let mut tables = String::new();
    // A table, as the guest prints it, and the empty line between two.
    let printed = lines.iter().skip_while(|line| !line.starts_with('|'));
    for line in printed.take_while(|line| line.starts_with('|') || line.is_empty()) {
        tables += line;
        tables += "\n";
    }
    ensure!(!tables.is_empty(), "the guest printed no table");
    let tables = tables.trim_end();
    Ok(format!("\n{tables}\n\n{}\n", sizes(workspace)?))
}

/// What each primitive adds to the code of an image that has none.
fn sizes(workspace: &Workspace) -> Result<String> {
    let target = workspace.target.join("kernel");
    let text = |profile: &str, name: &str| text_bytes(&target.join(profile).join(format!("size-{name}")));
    let none = (text("release", "none")?, text("small", "none")?);
    let mut table =
        "| code, in bytes | `opt-level = 3` | `opt-level = \"s\"` |\n| --- | ---: | ---: |\n".to_owned();
    writeln!(table, "| boot, interrupts, executor | {} | {} |", none.0, none.1)?;
    for (name, shown) in PRIMITIVES {
        let (fast, small) = (text("release", name)?, text("small", name)?);
        writeln!(table, "| and {shown} | +{} | +{} |", fast - none.0, small - none.1)?;
    }
    Ok(table)
}

/// The bytes of code in an image.
fn text_bytes(image: &Path) -> Result<u64> {
    let bytes = fs::read(image).with_context(|| format!("cannot read {}", image.display()))?;
    let file = object::File::parse(bytes.as_slice()).with_context(|| format!("{}", image.display()))?;
    let code = file.sections().filter(|section| match section.flags() {
        SectionFlags::Elf { sh_flags } => sh_flags & u64::from(elf::SHF_EXECINSTR) != 0,
        _ => false,
    });
    Ok(code.map(|section| section.size()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_has_a_place_for_the_tables() {
        let (before, _, after) = TABLES.parts(include_str!("../../kernel/README.md")).expect("both marks");
        assert!(!before.is_empty() && !after.is_empty());
    }

    #[test]
    fn each_image_of_the_kernel_has_a_row() {
        let manifest = include_str!("../../kernel/Cargo.toml");
        let images = manifest.lines().filter_map(|line| line.strip_prefix("name = \"size-"));
        let images: Vec<_> =
            images.map(|name| name.trim_end_matches('"')).filter(|name| *name != "none").collect();
        assert_eq!(images, PRIMITIVES.map(|(name, _)| name));
    }
}
