//! Shared test helpers: keys, servers on free ports, and an HTTP client.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use sealwire::{KeyRing, KeySet, ReplayTable, Scheme, Signer, Verifier, VerifierBuilder};
use tokio::net::TcpListener;

/// The error type for all tests.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The secret that all keys in the tests have.
pub const SECRET: &[u8] = b"32 bytes or more, of a CSPRNG's.";

/// Returns a key ring with a pair key, a client key and an issuer key.
pub fn keys() -> Result<KeyRing, Failure> {
    let key = || KeySet::new(1, SECRET);
    Ok(KeyRing::builder().pair("agent", "practices", key()).client("billing", key()).issuer(key()).build()?)
}

/// Returns the settings for the service `practices`. It accepts all schemes and has a new replay table on the heap.
pub fn practices(keys: &KeyRing) -> Result<VerifierBuilder, Failure> {
    Ok(Verifier::builder("practices", keys)
        .schemes(Scheme::ALL)
        .authorities(["any"])
        .replay(ReplayTable::heap()?))
}

/// Returns the signer for `billing` if the scheme is `client`, otherwise the signer for `agent`.
pub fn signer(keys: &KeyRing, scheme: Scheme) -> Result<Signer, Failure> {
    let name = if scheme == Scheme::Client { "billing" } else { "agent" };
    Ok(Signer::builder(name, keys).schemes([scheme]).receiver("practices").build()?)
}

/// Serves an axum application on a free loopback port.
pub async fn serve(app: axum::Router) -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(address)
}

/// Sends a request over HTTP/1 or HTTP/2 without TLS, and returns the response with its body.
pub async fn send(request: Request<Bytes>, http2: bool) -> Result<Response<String>, Failure> {
    let client = Client::builder(TokioExecutor::new()).http2_only(http2).build_http::<Full<Bytes>>();
    let response = client.request(request.map(Full::new)).await?;
    let (parts, body) = response.into_parts();
    Ok(Response::from_parts(parts, String::from_utf8(body.collect().await?.to_bytes().to_vec())?))
}
