//! Says where the linker scripts are: what memory the machines have, and what their runtime crates do with
//! it.

use std::{env, path::PathBuf};

fn main() {
    let arch = env::var("CARGO_CFG_TARGET_ARCH").expect("cargo says for what it builds");
    let memory = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where this is"))
        .join("memory")
        .join(&arch);
    println!("cargo:rustc-link-search={}", memory.display());
    println!("cargo:rerun-if-changed={}", memory.display());
    let scripts: &[&str] = match arch.as_str() {
        "arm" => &["--nmagic", "-Tlink.x"],
        "riscv32" => &["-Tmemory.x", "-Tlink.x"],
        other => panic!("no machine is known for {other}"),
    };
    for argument in scripts {
        println!("cargo:rustc-link-arg-bins={argument}");
    }
}
