//! Tests for the tower layer in axum and hyper servers, over HTTP/1 and HTTP/2.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get};
use bytes::Bytes;
use http::{Method, Request, StatusCode, Uri};
use sealwire::tower::VerifyLayer;
use sealwire::{Identity, Mode, Reason, Rejection, Scheme, Sender, Verifier};
use sealwire_rust_binding_tests::{Failure, keys, practices, send, serve, signer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn echo(identity: Option<Identity>, request: Request<Body>) -> String {
    let rejected = request.extensions().get::<Rejection>().map(Rejection::reason);
    let path = request.uri().path().to_owned();
    let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap_or_default();
    let sender =
        identity.map_or("nobody".into(), |identity| format!("{} {}", identity.sender, identity.scheme));
    let rejected = rejected.map_or(String::new(), |reason| format!(" {reason}"));
    format!("{sender}{rejected} {path} {}", body.len())
}

fn app(verifier: Verifier) -> Router {
    Router::new()
        .route("/cached", get(async || ([("cache-control", "max-age=60")], "cached")))
        .fallback(any(echo))
        .layer(VerifyLayer::new(verifier))
        .layer(DefaultBodyLimit::disable())
}

fn post(url: &str, body: &'static str) -> Result<Request<Bytes>, Failure> {
    Ok(Request::post(url).header("content-type", "text/plain").body(Bytes::from_static(body.as_bytes()))?)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scheme_is_accepted_once_over_both_versions_of_http() -> Result<(), Failure> {
    let keys = keys()?;
    let address = serve(app(practices(&keys)?.claim_pairwise().build()?)).await?;
    for http2 in [false, true] {
        for scheme in Scheme::ALL {
            let body = if http2 { "over HTTP/2" } else { "over HTTP/1" };
            let request = post(&format!("http://{address}/patients?ward=7"), body)?;
            let request = signer(&keys, scheme)?.sign(request)?;
            let response = send(request.clone(), http2).await?;
            let sender = if scheme == Scheme::Client { "billing" } else { "agent" };
            assert_eq!(response.body(), &format!("{sender} {scheme} /patients {}", body.len()));
            assert_eq!(response.headers()["cache-control"], "private");
            let again = send(request, http2).await?;
            assert_eq!(again.status(), StatusCode::UNAUTHORIZED, "{scheme} {http2}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_has_the_documented_headers() -> Result<(), Failure> {
    let address = serve(app(practices(&keys()?)?.build()?)).await?;
    for http2 in [false, true] {
        let response = send(post(&format!("http://{address}/patients"), "{}")?, http2).await?;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()["www-authenticate"], "Sealwire realm=\"practices\"");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
        assert!(!response.body().is_empty());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_head_or_body_is_rejected() -> Result<(), Failure> {
    let keys = keys()?;
    let verifier = practices(&keys)?.build()?;
    let address = serve(app(verifier.clone())).await?;
    let signed = || -> Result<_, Failure> {
        Ok(signer(&keys, Scheme::Message)?.sign(post(&format!("http://{address}/patients?ward=7"), "{}")?)?)
    };
    for http2 in [false, true] {
        let mut changed = signed()?;
        *changed.body_mut() = Bytes::from_static(b"[]");
        assert_eq!(send(changed, http2).await?.status(), StatusCode::UNAUTHORIZED);
        let mut changed = signed()?;
        *changed.method_mut() = Method::PUT;
        assert_eq!(send(changed, http2).await?.status(), StatusCode::UNAUTHORIZED);
        let mut changed = signed()?;
        *changed.uri_mut() = Uri::try_from(format!("http://{address}/patients?ward=8"))?;
        assert_eq!(send(changed, http2).await?.status(), StatusCode::UNAUTHORIZED);
    }
    let rejected: Vec<_> = verifier.stats().rejected.into_iter().filter(|(_, count)| *count > 0).collect();
    assert_eq!(rejected, [(Reason::SignatureMismatch, 4), (Reason::BodyDigestMismatch, 2)]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authority_of_http2_is_verified_without_a_host_header() -> Result<(), Failure> {
    let keys = keys()?;
    let address = serve(app(practices(&keys)?.authorities(["practices.internal"]).build()?)).await?;
    let request = signer(&keys, Scheme::Message)?.sign(post("http://practices.internal/patients", "{}")?)?;
    let (mut parts, body) = request.into_parts();
    for (http2, status) in [(true, StatusCode::UNAUTHORIZED), (false, StatusCode::OK)] {
        // Over HTTP/2, the client sends the connection address as the authority, which differs from the signed one.
        parts.uri = Uri::try_from(format!("http://{address}/patients"))?;
        if !http2 {
            parts.headers.insert("host", "practices.internal".parse()?);
        }
        let response = send(Request::from_parts(parts.clone(), body.clone()), http2).await?;
        assert_eq!(response.status(), status);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_is_rejected_before_the_body_arrives() -> Result<(), Failure> {
    let address = serve(app(practices(&keys()?)?.build()?)).await?;
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n").await?;
    let mut first = [0; 12];
    tokio::time::timeout(Duration::from_secs(5), stream.read_exact(&mut first)).await??;
    assert_eq!(&first, b"HTTP/1.1 401");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_limit_or_too_late_has_its_own_status() -> Result<(), Failure> {
    let keys = keys()?;
    let verifier = practices(&keys)?.max_body_bytes(10).body_timeout(Duration::from_millis(200)).build()?;
    let address = serve(app(verifier)).await?;
    let signer = signer(&keys, Scheme::Message)?;
    for http2 in [false, true] {
        let request = signer.sign(post(&format!("http://{address}/"), "eleven byte")?)?;
        assert_eq!(send(request, http2).await?.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
    let request = signer.sign(post(&format!("http://{address}/"), "ten bytes.")?)?;
    let mut head = format!("POST / HTTP/1.1\r\nHost: {address}\r\nContent-Length: 10\r\n");
    for (name, value) in request.headers() {
        head += &format!("{name}: {}\r\n", value.to_str()?);
    }
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(format!("{head}\r\nten").as_bytes()).await?;
    let mut first = [0; 12];
    tokio::time::timeout(Duration::from_secs(5), stream.read_exact(&mut first)).await??;
    assert_eq!(&first, b"HTTP/1.1 408");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn modes_decide_what_a_rejection_does() -> Result<(), Failure> {
    let keys = keys()?;
    let verifier = practices(&keys)?
        .mode(Mode::Observe)
        .max_body_bytes(4)
        .sender(Sender::new("billing").mode(Mode::Off));
    let verifier = verifier.build()?;
    let address = serve(app(verifier.clone())).await?;
    let url = format!("http://{address}/patients");
    for http2 in [false, true] {
        let response = send(post(&url, "unsigned")?, http2).await?;
        assert_eq!(response.body(), "nobody missing_headers /patients 8");
        assert!(!response.headers().contains_key("cache-control"));
        let large = signer(&keys, Scheme::Message)?.sign(post(&url, "five!")?)?;
        assert_eq!(send(large, http2).await?.body(), "nobody body_too_large /patients 5");
        let mut off = signer(&keys, Scheme::Client)?.sign(post(&url, "{}")?)?;
        off.headers_mut().insert("x-timestamp", "1".parse()?);
        assert_eq!(send(off, http2).await?.body(), "nobody /patients 2");
    }
    verifier.set_mode(Mode::Enforce);
    assert_eq!(send(post(&url, "unsigned")?, false).await?.status(), StatusCode::UNAUTHORIZED);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn exemptions_are_compared_with_the_path_that_is_routed() -> Result<(), Failure> {
    let keys = keys()?;
    let verifier = practices(&keys)?.exempt_paths(["/metrics", "/public/*"]).build()?;
    let nested = Router::new().nest("/api", app(verifier.clone())).merge(app(verifier));
    let address = serve(nested).await?;
    let get = |path: &str| -> Result<_, Failure> {
        Ok(Request::get(format!("http://{address}{path}")).body(Bytes::new())?)
    };
    for path in ["/metrics", "/public/a", "/health", "/api/metrics", "/api/public/a", "/api/health"] {
        assert_eq!(send(get(path)?, false).await?.status(), StatusCode::OK, "{path}");
    }
    for path in [
        "/metrics/",
        "/api",
        "/public",
        "/public/../patients",
        "/public//a",
        "/public/%2e%2e/a",
        "/api/patients",
    ] {
        assert_eq!(send(get(path)?, false).await?.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    let mut replaced = get("/metrics")?;
    replaced.headers_mut().insert("x-http-method-override", "DELETE".parse()?);
    assert_eq!(send(replaced, false).await?.status(), StatusCode::UNAUTHORIZED);
    let below = signer(&keys, Scheme::Message)?.sign(get("/api/patients")?)?;
    assert_eq!(send(below, true).await?.body(), "agent message /patients 0");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_layers_of_one_process_accept_one_request() -> Result<(), Failure> {
    let keys = keys()?;
    let verifier = practices(&keys)?.build()?;
    let address = serve(app(verifier.clone()).layer(VerifyLayer::new(verifier))).await?;
    let request = signer(&keys, Scheme::Message)?.sign(post(&format!("http://{address}/"), "{}")?)?;
    assert_eq!(send(request.clone(), false).await?.status(), StatusCode::OK);
    assert_eq!(send(request, false).await?.status(), StatusCode::UNAUTHORIZED);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cache_control_of_the_application_is_not_changed() -> Result<(), Failure> {
    let keys = keys()?;
    let address = serve(app(practices(&keys)?.build()?)).await?;
    let request = Request::get(format!("http://{address}/cached")).body(Bytes::new())?;
    let response = send(signer(&keys, Scheme::Client)?.sign(request)?, false).await?;
    assert_eq!(response.headers()["cache-control"], "max-age=60");
    Ok(())
}
