//! Runs the implementations of a benchmark alternately, so that a disturbance of the machine affects all of
//! them equally. The medians of the rounds are not sensitive to outliers.

use nix::time::{ClockId, clock_gettime};
use std::time::Duration;

use crate::pace::pace;

/// The options of a run.
pub struct Settings {
    /// The number of rounds for each implementation.
    pub rounds: usize,
    /// The number of live nonces in the large replay table.
    pub live: usize,
    /// Whether only the first implementation in each benchmark is run. This option is useful for profiling.
    pub alone: bool,
    rows: Vec<String>,
}

impl Settings {
    pub fn parse(arguments: &[String]) -> Self {
        let mut settings = Self { rounds: 61, live: 1_000_000, alone: false, rows: Vec::new() };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut number =
                || rest.next().and_then(|text| text.parse().ok()).expect("a number after the option");
            match argument.as_str() {
                "--rounds" => settings.rounds = number(),
                "--live" => settings.live = number(),
                "--alone" => settings.alone = true,
                row => settings.rows.push(row.into()),
            }
        }
        settings
    }

    pub fn wants(&self, id: &str) -> bool {
        self.rows.is_empty() || self.rows.iter().any(|row| row == id)
    }
}

/// An implementation to measure, with its name and a function that runs a round. The function returns the
/// time per operation in nanoseconds.
pub struct Subject {
    name: &'static str,
    round: Box<dyn FnMut() -> f64>,
}

impl Subject {
    /// Creates a [`Subject`] whose rounds call `call` this number of times.
    pub fn calls(name: &'static str, calls: u32, mut call: impl FnMut() + 'static) -> Self {
        let round = move || {
            let start = Started::now();
            (0..calls).for_each(|_| call());
            start.nanoseconds() / f64::from(calls)
        };
        Self::rounds(name, round)
    }

    /// Creates a [`Subject`] from a function that measures its own time. Use this function if a round
    /// includes preparation that must not be measured.
    pub fn rounds(name: &'static str, round: impl FnMut() -> f64 + 'static) -> Self {
        Self { name, round: Box::new(round) }
    }
}

/// The start time of a measurement. The measured time is the processor time of this thread, so it does not
/// include other programs.
#[derive(Clone, Copy)]
pub struct Started(Duration);

impl Started {
    pub fn now() -> Self {
        Self(clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).unwrap().into())
    }

    pub fn nanoseconds(self) -> f64 {
        (Self::now().0 - self.0).as_secs_f64() * 1e9
    }
}

/// The implementations that are compared in a benchmark. The first one is Sealwire.
pub struct Row {
    subjects: Vec<Subject>,
    most_rounds: usize,
    threads: usize,
}

impl Row {
    pub fn new(subjects: Vec<Subject>) -> Self {
        Self { subjects, most_rounds: usize::MAX, threads: 1 }
    }

    /// Limits the number of rounds, for benchmarks with long rounds.
    pub fn at_most(self, most_rounds: usize) -> Self {
        Self { most_rounds, ..self }
    }

    /// Sets the number of threads that the implementations use.
    pub fn on_threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// Runs all implementations alternately. Each round starts with a different implementation.
    pub fn run(mut self, settings: &Settings) -> Measured {
        if settings.alone {
            self.subjects.truncate(1);
        }
        let names = self.subjects.iter().map(|subject| subject.name).collect();
        self.turn(0); // warms up caches and branch prediction
        let rounds = settings.rounds.min(self.most_rounds);
        Measured { names, turns: (1..=rounds).map(|round| self.paced_turn(round)).collect() }
    }

    fn paced_turn(&mut self, round: usize) -> Turn {
        let before = pace(self.threads);
        let costs = self.turn(round);
        Turn { costs, pace: before.max(pace(self.threads)) }
    }

    /// Runs one round of each implementation. The round number determines which one runs first.
    fn turn(&mut self, round: usize) -> Vec<f64> {
        let count = self.subjects.len();
        let mut costs = vec![0.0; count];
        for turn in 0..count {
            let at = (turn + round) % count;
            costs[at] = (self.subjects[at].round)();
        }
        costs
    }
}

struct Turn {
    costs: Vec<f64>,
    pace: f64,
}

/// The results of all rounds, with the speed of the processor core in each round.
pub struct Measured {
    names: Vec<&'static str>,
    turns: Vec<Turn>,
}

impl Measured {
    pub fn print(&self, id: &str) {
        let rounds = |at: usize| self.turns.iter().map(|turn| turn.costs[at]).collect::<Vec<_>>();
        let names = self.names.iter().enumerate();
        let subjects: Vec<_> =
            names.map(|(at, name)| serde_json::json!({ "name": name, "rounds": rounds(at) })).collect();
        let pace: Vec<_> = self.turns.iter().map(|turn| turn.pace).collect();
        println!("{}", serde_json::json!({ "row": id, "subjects": subjects, "pace": pace }));
    }
}
