//! Runs all test cases in the public test suite (httpwg/structured-field-tests).

use super::json::Field;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The test cases that Sealwire rejects, although implementations may also accept them (`can_fail`). If
/// Sealwire accepted them, a value could have several encodings.
const REFUSED_BY_CHOICE: [&str; 2] = ["bad padding", "non-zero pad bits"];
/// The number of test cases in the suite, so that the test fails if files are missing.
const CASES_TO_PARSE: usize = 1549;

#[test]
fn parses_and_serializes_every_case_of_the_public_suite() {
    let run = run_directory(&suite(), check_parsing);
    assert_eq!(run, CASES_TO_PARSE);
}

fn suite() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/structured-fields")
}

fn run_directory(directory: &Path, check: fn(&Value) -> Result<(), String>) -> usize {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    files.sort();
    let results: Vec<_> = files.iter().map(|file| run_file(file, check)).collect();
    let (run, passed) = results.iter().fold((0, 0), |(run, passed), file| (run + file.0, passed + file.1));
    println!("{passed} of {run} passed in {}", directory.file_name().unwrap().display());
    assert_eq!(passed, run, "see the failures printed above");
    run
}

fn run_file(file: &Path, check: fn(&Value) -> Result<(), String>) -> (usize, usize) {
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let failures: Vec<_> = cases
        .iter()
        .filter_map(|case| check(case).err().map(|why| format!("  {}: {why}", case["name"])))
        .collect();
    let passed = cases.len() - failures.len();
    println!("{passed:4} of {:4} passed: {}", cases.len(), file.file_name().unwrap().display());
    failures.iter().for_each(|failure| println!("{failure}"));
    (cases.len(), passed)
}

fn check_parsing(case: &Value) -> Result<(), String> {
    let header_type = case["header_type"].as_str().unwrap();
    let raw: Vec<&str> = case["raw"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let lines: Vec<&[u8]> = raw.iter().map(|line| line.as_bytes()).collect();
    let field = Field::parse(header_type, lines.into_iter());
    if case["must_fail"] == true || REFUSED_BY_CHOICE.contains(&case["name"].as_str().unwrap()) {
        return if field.is_some() { Err("accepted".into()) } else { Ok(()) };
    }
    let field = field.ok_or("refused")?;
    equal(&field.to_json(), &case["expected"])?;
    let canonical = canonical(case).unwrap_or_else(|| raw.join(", "));
    equal(&field.serialize(), &canonical)
}

/// Returns the expected canonical form as one line, or `None` if the test case contains no canonical form.
fn canonical(case: &Value) -> Option<String> {
    let lines = case["canonical"].as_array()?;
    Some(lines.iter().map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join(", "))
}

fn equal<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("found {found:?}, expected {expected:?}")) }
}
