//! The child processes of these tests. Each of them runs the test binary with its task in an environment
//! variable.

use crate::{claim, open, requests};
use sealwire_core::replay::Outcome;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const TASK: &str = "SEALWIRE_TEST_TASK";
const FILE: &str = "SEALWIRE_TEST_FILE";

pub(crate) enum Task {
    /// Opens the table, or creates it if it does not exist, and exits.
    Open,
    /// Claims this number of nonces, starting with nonce 0, and prints each accepted nonce.
    Count(u64),
    /// Claims the same nonce this number of times in four threads, and prints the nonce each time it is
    /// accepted.
    Hammer(u64),
    /// Verifies the same request 25,000 times. The value is the creation time of its signature in Unix
    /// milliseconds. This time is printed each time the request is accepted.
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

/// Waits for a child to exit and returns the nonces that it accepted.
pub(crate) fn passed(child: Child) -> Vec<u64> {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() || output.status.signal() == Some(9), "{}", output.status);
    let text = String::from_utf8(output.stdout).unwrap();
    // The last line is incomplete if the child was killed.
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().filter_map(|line| line.strip_prefix("passed ")?.parse().ok()).collect()
}

/// The entry point of the child processes. It does nothing when it runs as a test in the parent process.
#[test]
fn task() {
    let (Ok(task), Ok(path)) = (std::env::var(TASK), std::env::var(FILE)) else { return };
    let (name, number) = task.split_once(' ').unwrap();
    let (table, number) = (open(Path::new(&path)), number.parse().unwrap());
    let report = |nonce: u64| {
        // The line is printed with a single write, so that a killed child does not leave an incomplete line.
        // It starts with a line break, because the test harness has already printed text on the current line.
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
