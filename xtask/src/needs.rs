//! What a step needs besides cargo and rustc.

use std::path::Path;
use std::process::{Command, Stdio};

/// Something that may be missing on a machine, and how to get it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// A program on the `PATH`, and the Debian package that brings it.
    Program { name: &'static str, package: &'static str },
    /// A toolchain of rustup's.
    Toolchain(&'static str),
    /// The core library of a target, for the toolchain that runs this.
    Target(&'static str),
    /// A cargo sub-command, and the toolchain component that brings it.
    Component { command: &'static str, component: &'static str },
    /// A cargo sub-command of the nightly toolchain, for which std has to be compiled.
    Nightly { command: &'static str, component: &'static str },
    /// A cargo sub-command, and the crate that brings it.
    Subcommand { command: &'static str, package: &'static str },
}

pub(crate) const VALGRIND: Need = Need::Program { name: "valgrind", package: "valgrind" };
pub(crate) const QEMU: Need = Need::Program { name: "qemu-system-x86_64", package: "qemu-system-x86" };
pub(crate) const QEMU_ARM: Need = Need::Program { name: "qemu-system-arm", package: "qemu-system-arm" };
pub(crate) const QEMU_RISCV: Need =
    Need::Program { name: "qemu-system-riscv32", package: "qemu-system-misc" };
pub(crate) const CXX: Need = Need::Program { name: "c++", package: "g++" };
pub(crate) const NIGHTLY: Need = Need::Toolchain("nightly");
pub(crate) const RUSTFMT: Need = Need::Component { command: "fmt", component: "rustfmt" };
pub(crate) const CLIPPY: Need = Need::Component { command: "clippy", component: "clippy" };
pub(crate) const MIRI: Need = Need::Nightly { command: "miri", component: "miri" };
pub(crate) const CARGO_MUTANTS: Need = Need::Subcommand { command: "mutants", package: "cargo-mutants" };

impl Need {
    /// What is missing and how to install it, or `None` when it is there.
    pub(crate) fn missing(self) -> Option<String> {
        match self {
            Self::Program { name, package } => which::which(name)
                .is_err()
                .then(|| format!("`{name}` is not on the PATH; install it with `apt-get install {package}`")),
            Self::Toolchain(name) => (!works("rustup", &["run", name, "cargo", "--version"])).then(|| {
                format!("there is no toolchain `{name}`; install it with `rustup toolchain install {name} --profile minimal`")
            }),
            Self::Target(name) => (!has_target(name)).then(|| {
                format!("the target `{name}` is missing; install it with `rustup target add {name}`")
            }),
            Self::Component { command, component } => {
                // rustup leaves a stub on the PATH for a component that the toolchain lacks, so it has to be
                // started.
                (!works("cargo", &[command, "--version"])).then(|| {
                    format!(
                        "`cargo {command}` does not run with this toolchain; install it with `rustup component add {component}`"
                    )
                })
            }
            Self::Nightly { command, component } => {
                let runs = works("rustup", &["run", "nightly", "cargo", command, "--version"]);
                (!(runs && has_std_sources("nightly"))).then(|| {
                    format!(
                        "`cargo {command}` does not run with the toolchain `nightly`; install it with `rustup component add {component} rust-src --toolchain nightly`"
                    )
                })
            }
            Self::Subcommand { command, package } => (!works("cargo", &[command, "--version"])).then(|| {
                format!("`cargo {command}` does not run; install it with `cargo install {package} --locked`")
            }),
        }
    }
}

fn works(program: &str, args: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Whether the toolchain has what the component `rust-src` brings.
fn has_std_sources(toolchain: &str) -> bool {
    let mut command = Command::new("rustup");
    command
        .args(["run", toolchain, "rustc", "--print", "sysroot"])
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command.output().is_ok_and(|output| {
        let sysroot = String::from_utf8_lossy(&output.stdout);
        output.status.success() && Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library").is_dir()
    })
}

/// Asks the compiler and not rustup, without which there may be targets all the same.
fn has_target(name: &str) -> bool {
    let mut command = Command::new("rustc");
    command.args(["--print", "target-libdir", "--target", name]).stdin(Stdio::null()).stderr(Stdio::null());
    command.output().is_ok_and(|output| {
        let folder = String::from_utf8_lossy(&output.stdout);
        output.status.success() && Path::new(folder.trim()).is_dir()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_names_its_package() {
        let need = Need::Program { name: "no-such-program-anywhere", package: "the-package" };
        let message = need.missing().expect("there is no such program");
        assert!(message.contains("`no-such-program-anywhere`"), "{message}");
        assert!(message.contains("apt-get install the-package"), "{message}");
    }

    #[test]
    fn a_missing_component_names_itself() {
        let need = Need::Component { command: "no-such-command-anywhere", component: "the-component" };
        let message = need.missing().expect("there is no such command");
        assert!(message.contains("rustup component add the-component"), "{message}");
    }

    #[test]
    fn a_missing_component_of_nightly_names_itself_and_the_sources() {
        let need = Need::Nightly { command: "no-such-command-anywhere", component: "the-component" };
        let message = need.missing().expect("there is no such command");
        assert!(
            message.contains("rustup component add the-component rust-src --toolchain nightly"),
            "{message}"
        );
        assert!(!has_std_sources("no-such-toolchain"));
    }

    #[test]
    fn a_missing_toolchain_names_itself() {
        let message = Need::Toolchain("no-such-toolchain").missing().expect("there is no such toolchain");
        assert!(
            message.contains("rustup toolchain install no-such-toolchain --profile minimal"),
            "{message}"
        );
    }

    #[test]
    fn a_missing_target_names_itself() {
        let message = Need::Target("no-such-target").missing().expect("there is no such target");
        assert!(message.contains("rustup target add no-such-target"), "{message}");
        // Known to the compiler, and never shipped.
        assert!(Need::Target("avr-none").missing().is_some());
    }

    #[test]
    fn a_missing_sub_command_names_its_crate() {
        let need = Need::Subcommand { command: "no-such-command-anywhere", package: "the-crate" };
        let message = need.missing().expect("there is no such command");
        assert!(message.contains("cargo install the-crate --locked"), "{message}");
    }

    #[test]
    fn what_is_there_is_not_missing() {
        assert_eq!(Need::Program { name: "cargo", package: "cargo" }.missing(), None);
        // Of a host that is another machine nothing is said here.
        if cfg!(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu")) {
            assert_eq!(Need::Target("x86_64-unknown-linux-gnu").missing(), None);
        }
    }
}
