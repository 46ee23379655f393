//! Runs the fuzz targets without libFuzzer.
//!
//! - `smoke SECONDS [TARGET]` runs each target with all of its seeds, and then with mutated seeds for this
//!   time. It stops at the first finding and writes the input to fuzz/artifacts.
//! - `smoke seeds FOLDER` writes the seeds for libFuzzer.
//! - `smoke input TARGET FILE` runs a target with one input.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use sealwire_fuzz::mutate::{Choices, mutated};
use sealwire_fuzz::{TARGETS, Target, seeds};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["seeds", folder] => write_seeds(Path::new(folder)),
        ["input", target, file] => {
            let (_, check) = TARGETS.into_iter().find(|(name, _)| *name == target).expect("a target's name");
            check(&std::fs::read(file).unwrap());
        }
        [seconds] => return run(seconds, None),
        [seconds, target] => return run(seconds, Some(target)),
        _ => panic!("usage: smoke SECONDS [TARGET] | seeds FOLDER | input TARGET FILE"),
    }
    ExitCode::SUCCESS
}

fn run(seconds: &str, only: Option<&str>) -> ExitCode {
    let time = Duration::from_secs_f64(seconds.parse().expect("seconds"));
    for (name, check) in TARGETS.into_iter().filter(|(name, _)| only.is_none_or(|only| only == *name)) {
        match smoke(name, check, time) {
            Ok(runs) => println!("    fuzz: {name}: {runs} inputs, no finding"),
            Err(input) => {
                let file =
                    Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts").join(format!("{name}-smoke"));
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                std::fs::write(&file, input).unwrap();
                eprintln!("{name}: a finding; the input is in {}", file.display());
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// Runs a target. Returns the number of inputs if there was no finding, or the input that caused a finding.
fn smoke(name: &str, check: Target, time: Duration) -> Result<usize, Vec<u8>> {
    let seeds = seeds::of(name);
    let passes = |input: &[u8]| catch_unwind(AssertUnwindSafe(|| check(input))).is_ok();
    if let Some(seed) = seeds.iter().find(|seed| !passes(seed)) {
        return Err(seed.clone());
    }
    let until = Instant::now() + time;
    // The random seed changes every day. Findings can still be reproduced, because their inputs are stored.
    let day = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() / 86_400;
    let mut choices = Choices(day);
    let mut runs = seeds.len();
    while Instant::now() < until {
        let input = mutated(&seeds, &mut choices);
        if !passes(&input) {
            return Err(input);
        }
        runs += 1;
    }
    Ok(runs)
}

fn write_seeds(folder: &Path) {
    for (name, _) in TARGETS {
        let place = folder.join(name);
        std::fs::create_dir_all(&place).unwrap();
        for (at, seed) in seeds::of(name).iter().enumerate() {
            std::fs::write(place.join(format!("vector-{at}")), seed).unwrap();
        }
    }
}
