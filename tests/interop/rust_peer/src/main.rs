//! Runs httpsig-hyper. Each line of the standard input is a task in JSON, and each line of the output is its result in JSON.

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use http::Request;
use httpsig_hyper::MessageSignatureReqSync;
use httpsig_hyper::prelude::message_component::HttpMessageComponentId;
use httpsig_hyper::prelude::{AlgorithmName, HttpSignatureParams, SharedKey};
use serde_json::{Value, json};

const LABEL: &str = "peer";

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    for line in stdin().lock().lines() {
        let task: Value = serde_json::from_str(&line?)?;
        let result = perform(&task).unwrap_or_else(|error| json!({ "refused": error.to_string() }));
        println!("{result}");
        stdout().flush()?;
    }
    Ok(())
}

fn perform(task: &Value) -> Outcome<Value> {
    let key = SharedKey::from_base64(&AlgorithmName::HmacSha256, text(task, "secret")?)?;
    let mut request = request(task.get("request").ok_or("no request")?)?;
    if text(task, "do")? == "verify" {
        request.verify_message_signature_sync(&key, Some(text(task, "keyId")?))?;
        return Ok(json!({ "verified": true }));
    }
    request.set_message_signature_sync(&parameters(task)?, &key, Some(LABEL))?;
    let header = |name| -> Outcome<&str> { Ok(request.headers().get(name).ok_or("not signed")?.to_str()?) };
    let (input, signature) = (header("signature-input")?, header("signature")?);
    Ok(json!({ "headers": { "Signature-Input": input, "Signature": signature } }))
}

/// Builds the request. The URI takes its authority from the `Host` header, because the crate signs the URI.
fn request(described: &Value) -> Outcome<Request<String>> {
    let headers = described.get("headers").and_then(Value::as_object).ok_or("no headers")?;
    let url = text(described, "url")?;
    let target = url.splitn(4, '/').nth(3).ok_or("no target")?;
    let host = headers.get("Host").and_then(Value::as_str).ok_or("no Host")?;
    let builder =
        Request::builder().method(text(described, "method")?).uri(format!("http://{host}/{target}"));
    let add = |builder: http::request::Builder, (name, value): (&String, &Value)| {
        builder.header(name, value.as_str().unwrap_or_default())
    };
    Ok(headers.iter().fold(builder, add).body(String::new())?)
}

fn parameters(task: &Value) -> Outcome<HttpSignatureParams> {
    let components = task.get("components").and_then(Value::as_array).ok_or("no components")?;
    let ids: Result<Vec<_>, _> =
        components.iter().map(|name| HttpMessageComponentId::try_from(name.to_string().as_str())).collect();
    let mut parameters = HttpSignatureParams::try_new(&ids?)?;
    parameters
        .set_created(task.get("created").and_then(Value::as_u64).ok_or("no time")?)
        .set_nonce(text(task, "nonce")?)
        .set_alg(&AlgorithmName::HmacSha256)
        .set_keyid(text(task, "keyId")?)
        .set_tag(text(task, "tag")?);
    Ok(parameters)
}

fn text<'a>(value: &'a Value, name: &str) -> Outcome<&'a str> {
    Ok(value.get(name).and_then(Value::as_str).ok_or_else(|| format!("{name} is missing"))?)
}
