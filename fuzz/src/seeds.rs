//! The seeds of the targets, which are created from the shared test vectors.

use serde_json::Value;
use std::path::{Path, PathBuf};

/// Returns the seeds of a target.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "structured_fields" => structured_fields(),
        "signature_base" => cases("message").iter().filter_map(base).collect(),
        "message" | "pairwise" | "client" => [target, "multi", "policy"]
            .into_iter()
            .flat_map(cases)
            .filter_map(|case| request(&case))
            .collect(),
        "edited" => ["message", "pairwise", "client"]
            .into_iter()
            .flat_map(cases)
            .filter_map(|case| request(&case))
            .map(|seed| [&*seed, &[0, 1, 3, 33]].concat())
            .collect(),
        "response" => cases("response").iter().filter_map(response).collect(),
        "connection_string" => cases("connection_string").iter().flat_map(token).collect(),
        "policy_paths" => paths(),
        _ => keys(),
    }
}

/// Words that are frequent in valid inputs, but that random mutations rarely produce.
pub const WORDS: [&str; 40] = [
    "GET ",
    "POST ",
    "/",
    "//",
    "/../",
    "/.",
    "%2e",
    "%2F",
    "%5c",
    "\\",
    "?",
    "\"@method\"",
    "\"@path\"",
    "\"@query\"",
    "\"@authority\"",
    "\"@query-param\";name=\"a\"",
    ";sf",
    ";bs",
    ";key=\"a\"",
    ";req",
    "sealwire=",
    "sig1=",
    "(",
    ")",
    ";created=1712419200",
    ";tag=\"sealwire\"",
    ";keyid=\"agent/practices#1\"",
    ":AAAA:",
    "?1",
    "?0",
    "@1",
    "%\"",
    "-0",
    "999999999999999",
    "1712419200",
    "1712419200000",
    "X-User-ID: 7\n",
    "\n",
    ", ",
    "_service",
];

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")
}

fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn cases(file: &str) -> Vec<Value> {
    json(&vectors().join(format!("{file}.json")))["cases"].as_array().unwrap().clone()
}

/// Converts a JSON string to bytes. Each character of the string represents one byte.
fn bytes(text: &Value) -> Vec<u8> {
    text.as_str()
        .unwrap_or_default()
        .chars()
        .map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?'))
        .collect()
}

fn request(case: &Value) -> Option<Vec<u8>> {
    let request = case.get("request").or_else(|| case.get("sign")?.get("request"))?;
    let now = case["now_ms"].as_u64().or_else(|| case["sign"]["now_ms"].as_u64())?;
    Some(wire(now, request))
}

fn response(case: &Value) -> Option<Vec<u8>> {
    let response = case.get("verify_response")?.get("response")?;
    Some(wire(response["status"].as_u64()?, response))
}

fn base(case: &Value) -> Option<Vec<u8>> {
    let message = case.get("message").filter(|message| message.get("target").is_some());
    let message = message.or_else(|| case.get("request"))?;
    let sent = || header(message, "signature-input");
    let input = case.get("signature_input").map(bytes).or_else(sent)?;
    Some([&*input, b"\n", &wire(crate::wire::NOW_MS, message)].concat())
}

fn header(message: &Value, name: &str) -> Option<Vec<u8>> {
    let mut headers = message["headers"].as_array()?.iter();
    headers
        .find(|line| line[0].as_str().is_some_and(|found| found.eq_ignore_ascii_case(name)))
        .map(|line| bytes(&line[1]))
}

fn wire(number: u64, message: &Value) -> Vec<u8> {
    let part = |name: &str| bytes(&message[name]);
    let mut seed = [
        number.to_string().as_bytes(),
        b" ",
        &part("method"),
        b" ",
        &part("target"),
        b"\n",
        &part("authority"),
        b"\n",
    ]
    .concat();
    for line in message["headers"].as_array().into_iter().flatten() {
        seed.extend([&*bytes(&line[0]), b": ", &bytes(&line[1]), b"\n"].concat());
    }
    seed.push(b'\n');
    seed.extend(message["body"].as_str().unwrap_or_default().bytes());
    seed
}

fn token(case: &Value) -> Vec<Vec<u8>> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let token = bytes(&case["token"]);
    let beans = STANDARD.decode(&token).unwrap_or_default();
    [token, beans].into_iter().filter(|seed| !seed.is_empty()).collect()
}

fn structured_fields() -> Vec<Vec<u8>> {
    let files =
        std::fs::read_dir(vectors().join("structured-fields")).unwrap().map(|entry| entry.unwrap().path());
    let cases = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .flat_map(|path| json(&path).as_array().cloned().unwrap_or_default());
    let raw = cases.filter_map(|case| {
        Some(case.get("raw")?.as_array()?.iter().map(bytes).collect::<Vec<_>>().join(&b'\n'))
    });
    raw.collect()
}

fn paths() -> Vec<Vec<u8>> {
    let known = [
        "/live",
        "/public/a",
        "/public/%2e%2e/b",
        "/public//b",
        "/api",
        "/api/users?page=2",
        "/api\\b",
        "/public/a..b",
    ];
    let sent =
        cases("policy").into_iter().filter_map(|case| Some(bytes(case.get("request")?.get("target")?)));
    known.into_iter().map(|path| path.as_bytes().to_vec()).chain(sent).collect()
}

fn keys() -> Vec<Vec<u8>> {
    let known = [
        "agent practices\na_b c\na b_c",
        "A B\na b\nx_service y",
        "SECRET_AGENT_PRACTICES=dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==\nPRIMARY_AGENT_PRACTICES=7",
        "SECRET_AGENT_PRACTICES_V2=RkVFREZBQ0VGRUVERkFDRQ==\nSECRET_PRACTICES_PRACTICES=",
        "dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==",
    ];
    known.into_iter().map(|text| text.as_bytes().to_vec()).collect()
}
