//! Builds the firmware for each chip, boots it in QEMU, and keeps the table of what the library costs there.

use core::fmt::Write as _;
use core::time::Duration;
use std::path::Path;

use anyhow::{Result, ensure};

use crate::guest::{self, Guest};
use crate::minimums;
use crate::needs::{Need, QEMU_ARM, QEMU_RISCV};
use crate::step::{Expect, Job, Step};
use crate::tables::{Tables, Update};
use crate::workspace::Workspace;

/// QEMU's exit statuses, as in `firmware/chip/src/main.rs`.
const SUCCESS: i32 = 0;
const FAILURE: i32 = 33;
const STUCK: i32 = 35;

/// The targets, each with the machine that runs it.
const MACHINES: [(&str, &str); 4] = [
    ("thumbv6m-none-eabi", "qemu-system-arm -machine microbit"),
    ("thumbv7em-none-eabihf", "qemu-system-arm -machine mps2-an386"),
    ("riscv32imc-unknown-none-elf", "qemu-system-riscv32 -machine virt -bios none"),
    ("riscv32imac-unknown-none-elf", "qemu-system-riscv32 -machine virt -bios none"),
];

/// The console is the host's, by semihosting. Time is counted in instructions: without `-icount`, QEMU would
/// take an interrupt at the end of a block of them only.
const QEMU: &str = "-nographic -monitor none -serial null -icount shift=5,sleep=off";

/// The same, with so much time for each instruction that the timer counts them.
const COUNT_INSTRUCTIONS: &str = "-nographic -monitor none -serial null -icount shift=10,sleep=off";

const TABLES: Tables = Tables { file: "firmware/README.md", command: "firmware" };

/// The columns of the table, for a chip without compare-and-swap and for one with it.
const COLUMNS: &str = "| operation | M0: critical sections | longest | instructions \
    | M4: critical sections | longest | instructions |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n";

/// Everything about the firmware.
pub(crate) fn steps(workspace: &Workspace, Update { update }: Update) -> Vec<Step> {
    let guest = Guest::of(workspace, "firmware");
    let all = |mut step: Step| {
        step.needs.extend([QEMU_ARM, QEMU_RISCV]);
        step.needs.extend(MACHINES.map(|(target, _)| Need::Target(target)));
        step
    };
    vec![lints(&guest), all(boots(&guest)), all(failures(&guest)), all(costs(&guest, update))]
}

fn lints(guest: &Guest) -> Step {
    // One target of each kind: the other two differ in what atomic operations are made of.
    let mut step = guest.lints(
        "firmware (lints)",
        &[
            // By themselves: their features do not go together.
            "clippy -p chip --target thumbv6m-none-eabi",
            "clippy -p chip --features embassy-mutex --target riscv32imac-unknown-none-elf",
            "clippy -p costs --target thumbv6m-none-eabi",
            "clippy -p sizes --target thumbv7em-none-eabihf",
        ],
    );
    step.needs.extend(MACHINES.map(|(target, _)| Need::Target(target)));
    step
}

/// As firmware is built that has to fit, and the same with assertions.
fn boots(guest: &Guest) -> Step {
    let mut jobs = Vec::new();
    for (profile, folder) in [("--release", "release"), ("--profile checked", "checked")] {
        for (target, machine) in MACHINES {
            jobs.push(guest.cargo(&format!("build -p chip {profile} --target {target}")));
            let image = guest.target.join(target).join(folder).join("chip");
            jobs.push(boot(machine, &image, "").expect(Expect::Status(SUCCESS, "test result: ok.")));
        }
    }
    guest::boots("firmware (boot)", jobs, minimums::CHIPS)
}

/// That a failure in the guest is one of the run; that the library's promise has a condition; and what
/// becomes of the program that ours gets through with a lock that has one place for a waiter.
fn failures(guest: &Guest) -> Step {
    let one_of_each = &MACHINES[1..3];
    let mut jobs = Vec::new();
    let mut fails = |machines: &[(&str, &str)], features: &str, output: &Path, test, status, text| {
        for (target, machine) in machines {
            let build = format!("build -p chip --release --target {target} {features}");
            let image = output.join(target).join("release").join("chip");
            jobs.push(guest.cargo_into(&build, output));
            jobs.push(boot(machine, &image, test).expect(Expect::Status(status, text)));
        }
    };
    fails(one_of_each, "", &guest.target, "panic", FAILURE, "test fails::on_purpose ... FAILED");
    let plain = ("--no-default-features --features plain-lock", guest.target.join("plain-lock"));
    fails(&MACHINES, plain.0, &plain.1, "queue", STUCK, "interrupt handler does not return");
    let embassy = ("--features embassy-mutex", guest.target.join("embassy-mutex"));
    fails(one_of_each, embassy.0, &embassy.1, "churn", STUCK, "the tasks above leave no time to those below");
    guest::failures("firmware (must fail)", "builds and boots", jobs)
}

/// What each operation costs without compare-and-swap, and with it.
fn costs(guest: &Guest, update: bool) -> Step {
    let output = guest.target.join("costs");
    let mut jobs = Vec::new();
    for (target, machine) in &MACHINES[..2] {
        let image = output.join(target).join("release").join("costs");
        jobs.push(guest.cargo_into(&format!("build -p costs --release --target {target}"), &output));
        jobs.push(
            boot_with(COUNT_INSTRUCTIONS, machine, &image, "")
                .expect(Expect::Status(SUCCESS, "| operation |")),
        );
    }
    let mut step = Step::new("firmware (costs)", jobs).within(Duration::from_mins(5));
    step.then = Some(if update { write_table } else { check_table });
    step
}

fn write_table(workspace: &Workspace, lines: &[String]) -> Result<()> {
    TABLES.write(workspace, &table(lines)?)
}

fn check_table(workspace: &Workspace, lines: &[String]) -> Result<()> {
    TABLES.check(workspace, &table(lines)?)
}

/// One table of the two that were printed: the rows of the first, each with the numbers of the second.
fn table(lines: &[String]) -> Result<String> {
    let mut chips: Vec<Vec<(&str, &str)>> = Vec::new();
    for line in lines {
        let Some((name, numbers)) = line.strip_prefix("| ").and_then(|row| row.split_once(" | ")) else {
            continue;
        };
        match (name, chips.last_mut()) {
            ("operation", _) => chips.push(Vec::new()),
            ("---", _) | (_, None) => {}
            (_, Some(rows)) => rows.push((name, numbers)),
        }
    }
    let [first, second] = chips.as_slice() else { anyhow::bail!("{} tables were printed", chips.len()) };
    ensure!(!first.is_empty() && first.len() == second.len(), "the tables have different rows");
    let mut table = format!("\n{COLUMNS}");
    for ((name, left), (same, right)) in first.iter().zip(second) {
        ensure!(name == same, "the tables have different rows: {name}, {same}");
        writeln!(table, "| {name} | {left} {right}")?;
    }
    Ok(table + "\n")
}

/// Boots `image`, and has it run what `test` says: all tests, if that is nothing.
fn boot(machine: &str, image: &Path, test: &str) -> Job {
    boot_with(QEMU, machine, image, test)
}

fn boot_with(options: &str, machine: &str, image: &Path, test: &str) -> Job {
    let mut words = machine.split_whitespace();
    let program = words.next().unwrap_or_default();
    // The first argument is the image's name, which would be its path.
    let argument = if test.is_empty() { String::new() } else { format!(",arg={test}") };
    Job::new(program)
        .args(words)
        .args(options.split_whitespace())
        .args(["-semihosting-config".to_owned(), format!("enable=on,target=native,arg=chip{argument}")])
        .args(["-kernel".into(), image.to_owned().into_os_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_has_a_place_for_the_table() {
        let (before, _, after) = TABLES.parts(include_str!("../../firmware/README.md")).expect("both marks");
        assert!(!before.is_empty() && !after.is_empty());
    }

    #[test]
    fn the_tables_of_two_chips_become_one() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let printed = "| operation | n |\n| --- | ---: |\n| a | 1 | 2 | 3 |\nother\n";
        let both = format!("{printed}{}", printed.replace("1 | 2 | 3", "4 | 5 | 6"));
        let table = table(&lines(&both)).expect("two tables with the same rows");
        assert_eq!(table, format!("\n{COLUMNS}| a | 1 | 2 | 3 | 4 | 5 | 6 |\n\n"));
        super::table(&lines(printed)).expect_err("one chip did not run");
        super::table(&lines(&(printed.to_owned() + &printed.replace("| a", "| b"))))
            .expect_err("other operations");
    }
}
