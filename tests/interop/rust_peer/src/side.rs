//! Signs and verifies with the crate `sealwire`. Each line of the standard input is a task in JSON, and each line of the output
//! is its result in JSON.

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Request};
use sealwire::{KeyRing, KeySet, ReplayTable, Signer, Verifier};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut keys = None;
    for line in stdin().lock().lines() {
        let task: Value = serde_json::from_str(&line?)?;
        if keys.is_none() {
            let pair = KeySet::base64(1, text(&task, "secret")?);
            keys = Some(KeyRing::builder().pair("agent", "practices", pair).build()?);
        }
        let result = keys.as_ref().map(|keys| perform(keys, &task));
        let result = result.ok_or("no keys")?.unwrap_or_else(|error| json!({ "refused": error.to_string() }));
        println!("{result}");
        stdout().flush()?;
    }
    Ok(())
}

fn perform(keys: &KeyRing, task: &Value) -> Outcome<Value> {
    let request = request(task)?;
    if text(task, "do")? == "verify" {
        let verifier =
            Verifier::builder("practices", keys).replay(ReplayTable::heap_accepting_older()?).build()?;
        return Ok(json!({ "sender": verifier.verify(&request)?.sender }));
    }
    let signer = Signer::builder("agent", keys).receiver("practices").build()?;
    let signed = signer.headers(request.method(), request.uri(), request.headers(), request.body())?;
    Ok(json!({ "headers": texts(&signed)? }))
}

/// Builds the request as an HTTP/1 server receives it, with a `Host` header and no authority in the URI.
fn request(task: &Value) -> Outcome<Request<Vec<u8>>> {
    let described = task.get("request").ok_or("no request")?;
    let url = text(described, "url")?;
    let target = url.splitn(4, '/').nth(3).ok_or("no target")?;
    let mut builder = Request::builder().method(text(described, "method")?).uri(format!("/{target}"));
    for (name, value) in described.get("headers").and_then(Value::as_object).ok_or("no headers")? {
        builder = builder.header(name, value.as_str().unwrap_or_default());
    }
    Ok(builder.body(STANDARD.decode(text(task, "body")?)?)?)
}

fn texts(headers: &HeaderMap) -> Outcome<Value> {
    let lines = headers.iter().map(|(name, value)| Ok((name.to_string(), value.to_str()?.into())));
    lines.collect::<Outcome<serde_json::Map<_, _>>>().map(Value::Object)
}

fn text<'a>(value: &'a Value, name: &str) -> Outcome<&'a str> {
    Ok(value.get(name).and_then(Value::as_str).ok_or_else(|| format!("{name} is missing"))?)
}
