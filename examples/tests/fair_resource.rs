//! `fair_resource`: no task in line is passed over, and one that leaves the line does no harm to the others.

use crate::support::{self, Run};

fn run(args: &[&str]) -> Run {
    support::run("fair_resource", args)
}

/// The executor, turns and longest wait of each task, and how often it gave up, if it does.
fn table(run: &Run) -> Vec<(&str, u64, u64, Option<u64>)> {
    let rows = run.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let rows = rows.filter_map(|row| match row[..] {
        [executor @ ("tokio" | "smol"), turns, _, wait, gave_up] => {
            Some((executor, turns.parse().unwrap(), wait.parse().unwrap(), gave_up.parse().ok()))
        }
        _ => None,
    });
    rows.collect()
}

#[test]
fn every_task_has_its_turns_and_none_waits_longer_than_the_line() {
    for tasks in [1, 2, 16] {
        let run = run(&["--tasks", &tasks.to_string(), "--turns", "2000", "--patience", "1000000"]);
        let (turns, longest) = (run.figure("turns"), run.figure("longest wait"));
        assert_eq!(turns, 2000);
        assert!(longest < 2 * tasks, "{run:?}");
        assert_eq!(run.figure("bound"), 2 * tasks - 1);

        let table = table(&run);
        for executor in ["tokio", "smol"] {
            assert_eq!(table.iter().filter(|row| row.0 == executor).count() as u64, tasks);
        }
        assert_eq!(table.iter().map(|row| row.1).sum::<u64>(), turns);
        assert_eq!(table.iter().map(|row| row.2).max(), Some(longest));
    }
}

#[test]
fn the_patient_have_about_the_same_share_beside_one_who_is_not() {
    for patience in ["0", "20"] {
        let run = run(&["--tasks", "8", "--turns", "4000", "--patience", patience]);
        assert!(run.figure("gave up") > 0, "{run:?}");
        let table = table(&run);
        let patient: Vec<_> = table.iter().filter(|row| row.3.is_none()).map(|row| row.1).collect();
        assert_eq!(patient.len(), 15);
        let (least, most) = (patient.iter().min().unwrap(), patient.iter().max().unwrap());
        // One that waits in line is never passed over: only what a thread loses outside makes a difference.
        assert!(2 * least > *most, "from {least} to {most}: {run:?}");
    }
}

#[test]
fn no_turns_at_all() {
    let run = run(&["--turns", "0"]);
    assert_eq!((run.figure("turns"), run.figure("longest wait")), (0, 0));
}

#[test]
fn numbers_out_of_range() {
    run(&["--tasks", "0"]).fails_saying(&["--tasks is 0"]);
    run(&["--tasks", "1001"]).fails_saying(&["--tasks is 1001"]);
}

#[test]
fn what_is_no_number() {
    let run = run(&["--turns", "many"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("invalid value 'many'"), "{run:?}");
}
