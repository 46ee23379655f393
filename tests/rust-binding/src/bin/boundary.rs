//! The Rust service for the tests in `tests/boundary`. Usage: boundary axum|actix PORT
//!
//! The paths `/public/*` are exempt, and all other paths are protected. The sender `meals` may send only GET and POST
//! requests below `/api`. `/inner` is a nested application with the same rules. The exempt paths of `/mounted`
//! contain the mount path by mistake, so they match no request, because axum removes the mount path.

use std::error::Error;

use actix_web::{App, HttpRequest, HttpServer, web};
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Uri};
use axum::routing::any;
use sealwire::actix::Verify;
use sealwire::tower::VerifyLayer;
use sealwire::{Identity, KeyRing, ReplayTable, Sender, Verifier, VerifierBuilder};
use serde_json::json;

fn settings(replay: &ReplayTable) -> Result<VerifierBuilder, Box<dyn Error>> {
    let keys = KeyRing::from_env("practices")?;
    Ok(Verifier::builder("practices", &keys).authorities(["any"]).replay(replay.clone()))
}

fn meals(prefixes: &[&str]) -> Sender {
    Sender::new("meals").methods(["GET", "POST"]).path_prefixes(prefixes.iter().copied())
}

fn shown<'v>(path: &str, users: impl Iterator<Item = &'v [u8]>, identity: Option<Identity>) -> String {
    let served = if path.starts_with("/public/") { "public" } else { "protected" };
    let users: Vec<_> = users.map(String::from_utf8_lossy).collect();
    let user = (!users.is_empty()).then(|| users.join(","));
    let sender = identity.map(|identity| identity.sender);
    json!({ "served": served, "path": path, "sender": sender, "user": user }).to_string()
}

/// Returns the percent-decoded path.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let [byte, after @ ..] = rest {
        let code = match (byte, after) {
            (b'%', [high, low, ..]) => char::from(*high).to_digit(16).zip(char::from(*low).to_digit(16)),
            _ => None,
        };
        bytes.push(code.map_or(*byte, |(high, low)| u8::try_from(high * 16 + low).unwrap_or_default()));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn axum_handler(identity: Option<Identity>, uri: Uri, headers: HeaderMap, _body: Bytes) -> String {
    let users = headers.get_all("x-user-id").iter().map(|value| value.as_bytes());
    shown(&decoded(uri.path()), users, identity)
}

async fn serve_axum(port: u16) -> Result<(), Box<dyn Error>> {
    let replay = ReplayTable::heap()?;
    let app = |exempt: &str| -> Result<Router, Box<dyn Error>> {
        let verifier = settings(&replay)?.exempt_paths([exempt]).sender(meals(&["/api"])).build()?;
        Ok(Router::new().fallback(any(axum_handler)).layer(VerifyLayer::new(verifier)))
    };
    let outer = Router::new().nest("/inner", app("/public/*")?).nest("/mounted", app("/mounted/*")?);
    let outer = outer.fallback_service(app("/public/*")?);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    Ok(axum::serve(listener, outer).await?)
}

async fn actix_handler(identity: Option<Identity>, request: HttpRequest, _body: web::Bytes) -> String {
    let path = decoded(request.path());
    let below = path.strip_prefix("/inner").filter(|below| below.starts_with('/')).unwrap_or(&path);
    let users = request.headers().get_all("x-user-id").map(|value| value.as_bytes());
    shown(below, users, identity)
}

async fn serve_actix(port: u16) -> Result<(), Box<dyn Error>> {
    let verifier = settings(&ReplayTable::heap()?)?
        .exempt_paths(["/public/*", "/inner/public/*"])
        .sender(meals(&["/api", "/inner/api"]))
        .build()?;
    let app = move || App::new().wrap(Verify::new(verifier.clone())).default_service(web::to(actix_handler));
    Ok(HttpServer::new(app).workers(2).bind_auto_h2c(("127.0.0.1", port))?.run().await?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["axum", port] => serve_axum(port.parse()?).await,
        ["actix", port] => serve_actix(port.parse()?).await,
        _ => Err("usage: boundary axum|actix PORT".into()),
    }
}
