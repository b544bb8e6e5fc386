//! Builds the firmware for each chip, and boots it in QEMU.

use std::path::Path;

use crate::guest::{self, Guest};
use crate::minimums;
use crate::needs::{Need, QEMU_ARM, QEMU_RISCV};
use crate::step::{Expect, Job, Step};
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

/// The console is the host's, by semihosting. Time is counted in instructions: without `-icount`, QEMU would take an
/// interrupt at the end of a block of them only.
const QEMU: &str = "-nographic -monitor none -serial null -icount shift=5,sleep=off";

/// Everything about the firmware.
pub(crate) fn steps(workspace: &Workspace) -> Vec<Step> {
    let guest = Guest::of(workspace, "firmware");
    let all = |mut step: Step| {
        step.needs.extend([QEMU_ARM, QEMU_RISCV]);
        step.needs.extend(MACHINES.map(|(target, _)| Need::Target(target)));
        step
    };
    vec![lints(&guest), all(boots(&guest)), all(failures(&guest))]
}

fn lints(guest: &Guest) -> Step {
    // One target of each kind: the other two differ in what atomic operations are made of.
    let mut step = guest.lints(
        "firmware (lints)",
        &[
            // By themselves: their features do not go together.
            "clippy -p chip --target thumbv6m-none-eabi",
            "clippy -p chip --features embassy-mutex --target riscv32imac-unknown-none-elf",
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

/// That a failure in the guest is one of the run; that the library's promise has a condition; and what becomes of the
/// program that ours gets through with a lock that has one place for a waiter.
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

/// Boots `image`, and has it run what `test` says: all tests, if that is nothing.
fn boot(machine: &str, image: &Path, test: &str) -> Job {
    let mut words = machine.split_whitespace();
    let program = words.next().unwrap_or_default();
    // The first argument is the image's name, which would be its path.
    let argument = if test.is_empty() { String::new() } else { format!(",arg={test}") };
    Job::new(program)
        .args(words)
        .args(QEMU.split_whitespace())
        .args(["-semihosting-config".to_owned(), format!("enable=on,target=native,arg=chip{argument}")])
        .args(["-kernel".into(), image.to_owned().into_os_string()])
}
