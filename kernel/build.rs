//! Links an image that needs no loader: static, at a fixed place, without the C library.

fn main() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/linker.ld");
    println!("cargo::rerun-if-changed={script}");
    for arg in [
        "-nostartfiles",
        "-nostdlib",
        // Both, or the objects of the precompiled `core`, which are position independent, do not link.
        "-static",
        "-no-pie",
        "-Wl,--build-id=none",
        "-Wl,-z,max-page-size=0x1000",
        "-Wl,-z,norelro",
        &format!("-Wl,-T,{script}"),
    ] {
        println!("cargo::rustc-link-arg-bins={arg}");
    }
}
