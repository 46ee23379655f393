//! The caller `catalog`. It signs one request with Sealwire and sends it with reqwest.
//!
//! Usage: caller NAME RECEIVER SCHEME[+SCHEME] METHOD URL USER < BODY
//! Prints the status and the duration in milliseconds on one line, then the response body.

use std::io::Read;
use std::time::Instant;

use reqwest::Url;
use sealwire::reqwest::Client;
use sealwire::{Scheme, Signer};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, receiver, schemes, method, url, user] = arguments.as_slice() else {
        return Err("usage: caller NAME RECEIVER SCHEME[+SCHEME] METHOD URL USER < BODY".into());
    };
    let mut body = Vec::new();
    std::io::stdin().read_to_end(&mut body)?;
    let schemes: Option<Vec<_>> = schemes.split('+').map(Scheme::from_name).collect();
    let signer = Signer::builder(name, &sealwire_demo::keys()?).schemes(schemes.ok_or("no such scheme")?);
    let signer = signer.receiver(receiver).build()?;
    let signer = if user.is_empty() { signer } else { signer.for_user(user) };
    let origin = Url::parse(url)?.origin().ascii_serialization();
    let http = reqwest::Client::builder();
    let http2 = std::env::var_os("CALLER_HTTP2").is_some();
    let http = if http2 { http.http2_prior_knowledge() } else { http };
    let client = Client::builder(signer).origins([origin]).reqwest(http).build()?;
    let started = Instant::now();
    let response = client.send(client.request(method.parse()?, url).body(body)).await?;
    let status = response.status().as_u16();
    let text = response.text().await?;
    print!("{status} {}\n{text}", started.elapsed().as_secs_f64() * 1000.0);
    Ok(())
}
