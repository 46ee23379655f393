//! Tests for the actix middleware, over HTTP/1 and HTTP/2.

use std::net::SocketAddr;

use actix_web::{App, HttpMessage, HttpRequest, HttpServer, web};
use bytes::Bytes;
use http::{Request, StatusCode};
use sealwire::actix::Verify;
use sealwire::{Identity, Mode, Reason, Rejection, Scheme, Verifier};
use sealwire_rust_binding_tests::{Failure, keys, practices, send, signer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn echo(identity: Option<Identity>, request: HttpRequest, body: web::Bytes) -> String {
    let rejected = request.extensions().get::<Rejection>().map(Rejection::reason);
    let rejected = rejected.map_or(String::new(), |reason| format!(" {reason}"));
    let sender =
        identity.map_or("nobody".into(), |identity| format!("{} {}", identity.sender, identity.scheme));
    format!("{sender}{rejected} {} {}", request.path(), body.len())
}

async fn serve(verifier: Verifier) -> Result<SocketAddr, Failure> {
    let app = move || {
        let cached = web::get().to(async || {
            actix_web::HttpResponse::Ok().insert_header(("cache-control", "max-age=60")).body("")
        });
        App::new().wrap(Verify::new(verifier.clone())).route("/cached", cached).default_service(web::to(echo))
    };
    let server = HttpServer::new(app).workers(2).bind_auto_h2c("127.0.0.1:0")?;
    let address = server.addrs().first().copied().ok_or("no address")?;
    tokio::spawn(server.disable_signals().run());
    Ok(address)
}

fn post(url: &str, body: &'static str) -> Result<Request<Bytes>, Failure> {
    Ok(Request::post(url).body(Bytes::from_static(body.as_bytes()))?)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scheme_is_accepted_once_over_both_versions_of_http() -> Result<(), Failure> {
    let keys = keys()?;
    let address = serve(practices(&keys)?.claim_pairwise().build()?).await?;
    for http2 in [false, true] {
        for scheme in Scheme::ALL {
            let body = if http2 { "over HTTP/2" } else { "over HTTP/1" };
            let request =
                signer(&keys, scheme)?.sign(post(&format!("http://{address}/patients?ward=7"), body)?)?;
            let response = send(request.clone(), http2).await?;
            let sender = if scheme == Scheme::Client { "billing" } else { "agent" };
            assert_eq!(response.body(), &format!("{sender} {scheme} /patients {}", body.len()));
            assert_eq!(response.headers()["cache-control"], "private");
            assert_eq!(send(request, http2).await?.status(), StatusCode::UNAUTHORIZED, "{scheme} {http2}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_has_the_documented_headers() -> Result<(), Failure> {
    let keys = keys()?;
    let address = serve(practices(&keys)?.max_body_bytes(10).build()?).await?;
    for http2 in [false, true] {
        let response = send(post(&format!("http://{address}/patients"), "{}")?, http2).await?;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()["www-authenticate"], "Sealwire realm=\"practices\"");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
        let large =
            signer(&keys, Scheme::Message)?.sign(post(&format!("http://{address}/"), "eleven byte")?)?;
        assert_eq!(send(large, http2).await?.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
    let cached = signer(&keys, Scheme::Client)?
        .sign(Request::get(format!("http://{address}/cached")).body(Bytes::new())?)?;
    assert_eq!(send(cached, false).await?.headers()["cache-control"], "max-age=60");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_body_or_query_is_rejected() -> Result<(), Failure> {
    let keys = keys()?;
    let verifier = practices(&keys)?.build()?;
    let address = serve(verifier.clone()).await?;
    let signer = signer(&keys, Scheme::Message)?;
    let signed = || -> Result<_, Failure> {
        Ok(signer.sign(post(&format!("http://{address}/patients?ward=7"), "{}")?)?)
    };
    let mut body = signed()?;
    *body.body_mut() = Bytes::from_static(b"[]");
    let mut query = signed()?;
    *query.uri_mut() = format!("http://{address}/patients?ward=8").parse()?;
    for (changed, http2) in [(body, false), (query, true)] {
        assert_eq!(send(changed, http2).await?.status(), StatusCode::UNAUTHORIZED);
    }
    let rejected: Vec<_> = verifier.stats().rejected.into_iter().filter(|(_, count)| *count > 0).collect();
    assert_eq!(rejected, [(Reason::SignatureMismatch, 1), (Reason::BodyDigestMismatch, 1)]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn modes_and_exemptions_decide_about_a_rejected_request() -> Result<(), Failure> {
    let keys = keys()?;
    let verifier =
        practices(&keys)?.mode(Mode::Observe).max_body_bytes(4).exempt_paths(["/public/*"]).build()?;
    let address = serve(verifier.clone()).await?;
    let url = format!("http://{address}/patients");
    for http2 in [false, true] {
        assert_eq!(send(post(&url, "unsigned")?, http2).await?.body(), "nobody missing_headers /patients 8");
        let large = signer(&keys, Scheme::Message)?.sign(post(&url, "five!")?)?;
        assert_eq!(send(large, http2).await?.body(), "nobody body_too_large /patients 5");
    }
    verifier.set_mode(Mode::Enforce);
    let get = |path: &str| -> Result<_, Failure> {
        Ok(Request::get(format!("http://{address}{path}")).body(Bytes::new())?)
    };
    for (path, status) in [
        ("/public/a", 200),
        ("/health", 200),
        ("/patients", 401),
        ("/public/../patients", 401),
        ("/public//a", 401),
    ] {
        assert_eq!(send(get(path)?, false).await?.status(), status, "{path}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_is_rejected_before_the_body_arrives() -> Result<(), Failure> {
    let address = serve(practices(&keys()?)?.build()?).await?;
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n").await?;
    let mut first = [0; 12];
    tokio::time::timeout(std::time::Duration::from_secs(5), stream.read_exact(&mut first)).await??;
    assert_eq!(&first, b"HTTP/1.1 401");
    Ok(())
}
