//! Child processes of these tests. Each runs the test binary with a task in an environment variable.

use crate::{claim, open, requests};
use sealwire_core::replay::Outcome;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const TASK: &str = "SEALWIRE_TEST_TASK";
const FILE: &str = "SEALWIRE_TEST_FILE";

pub(crate) enum Task {
    /// Opens the table, creates it if absent, and exits.
    Open,
    /// Claims the nonces from 0 up and prints the number of each accepted nonce.
    Count(u64),
    /// Claims one nonce repeatedly from four threads and prints it for each acceptance.
    Hammer(u64),
    /// Verifies one request, signed at this millisecond, 25,000 times and prints the millisecond for each
    /// acceptance.
    Replay(u64),
}

pub(crate) fn spawn(task: &Task, path: &Path) -> Child {
    let task = match task {
        Task::Open => "open 0".to_owned(),
        Task::Count(up_to) => format!("count {up_to}"),
        Task::Hammer(times) => format!("hammer {times}"),
        Task::Replay(signed_ms) => format!("replay {signed_ms}"),
    };
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child::task", "--nocapture", "--test-threads=1"])
        .env(TASK, task)
        .env(FILE, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Returns the accepted nonces of a child after it exited or was killed.
pub(crate) fn passed(child: Child) -> Vec<u64> {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() || output.status.signal() == Some(9), "{}", output.status);
    let text = String::from_utf8(output.stdout).unwrap();
    // The last line is incomplete if the child was killed.
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().filter_map(|line| line.strip_prefix("passed ")?.parse().ok()).collect()
}

/// The code of the child. Has no effect when run as a test.
#[test]
fn task() {
    let (Ok(task), Ok(path)) = (std::env::var(TASK), std::env::var(FILE)) else { return };
    let (name, number) = task.split_once(' ').unwrap();
    let (table, number) = (open(Path::new(&path)), number.parse().unwrap());
    let report = |nonce: u64| {
        // A single write, so that a killed child prints complete lines. Starts with a line break, because the
        // test harness has started a line.
        std::io::stdout().write_all(format!("\npassed {nonce}\n").as_bytes()).unwrap();
    };
    let try_claim = |nonce| {
        if claim(&table, nonce) == Outcome::First {
            report(nonce);
        }
    };
    match name {
        "count" => (0..number).for_each(try_claim),
        "hammer" => std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..number / 4).for_each(|_| try_claim(7)));
            }
        }),
        "replay" => (0..requests::replay(table, number, 25_000)).for_each(|_| report(number)),
        _ => (),
    }
}
