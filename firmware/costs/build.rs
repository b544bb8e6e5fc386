//! Says where the linker script is: the memory is that of the other firmware.

use std::{env, path::PathBuf};

fn main() {
    let here = env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where this is");
    let memory = PathBuf::from(here).join("../chip/memory/arm");
    println!("cargo:rustc-link-search={}", memory.display());
    println!("cargo:rerun-if-changed={}", memory.display());
    for argument in ["--nmagic", "-Tlink.x"] {
        println!("cargo:rustc-link-arg-bins={argument}");
    }
}
