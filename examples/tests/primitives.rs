use std::{fs, path::Path};

use crate::support::run;

#[test]
fn each_primitive_does_what_it_is_for() {
    let run = run("primitives", &[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    for name in ["Latch", "AutoEvent", "Event", "Barrier", "Condvar", "OnceCell", "Channel"] {
        assert_eq!(
            run.stdout.lines().filter(|line| line.starts_with(&format!("{name}: "))).count(),
            1,
            "{name}: {run:?}"
        );
    }
}

#[test]
fn one_primitive_alone() {
    let run = run("primitives", &["--only", "once-cell"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    assert!(run.stdout.starts_with("OnceCell: ") && !run.stdout.contains("Latch"), "{run:?}");
}

/// What the README promises.
#[test]
fn each_primitive_is_short_and_safe() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("primitives");
    let mut files = 0;
    for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("#![forbid(unsafe_code)]"), "{}", file.display());
        if file.file_name().unwrap() == "main.rs" {
            continue;
        }
        files += 1;
        let code = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
        let lines = code.count();
        assert!(lines < 60, "{} has {lines} lines of code", file.display());
    }
    assert_eq!(files, 7);
}
