//! Tests for the signing client with a server that verifies: redirects, retries, streams and HTTP/2.

use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use futures_util::stream;
use reqwest::Body;
use sealwire::reqwest::{Client, Error};
use sealwire::tower::VerifyLayer;
use sealwire::{Identity, Scheme, SignError};
use sealwire_rust_binding_tests::{Failure, keys, practices, serve, signer};
use tower::retry::{Policy, RetryLayer};
use tower::{ServiceBuilder, ServiceExt};

async fn echo(identity: Identity, uri: Uri, body: String) -> String {
    let user = identity.user_id.map_or(String::new(), |user| format!(" for {user}"));
    format!("{} {}{user} {uri} {body}", identity.sender, identity.scheme)
}

/// Starts a verifying service. `/hop/<status>` redirects to `/landed`, and `/away` redirects to another origin.
async fn service() -> Result<String, Failure> {
    let verifier = practices(&keys()?)?.build()?;
    // Read the body before responding, because a response before the end of a streamed body can reset the connection.
    let hop = async |axum::extract::Path(status): axum::extract::Path<u16>, _body: String| {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FOUND);
        (status, [(header::LOCATION, "../landed?from=hop")]).into_response()
    };
    let away =
        async || (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "http://attacker.invalid/steal")]);
    let forever = async || (StatusCode::FOUND, [(header::LOCATION, "/forever")]);
    let app = Router::new()
        .route("/hop/{status}", any(hop))
        .route("/away", any(away))
        .route("/forever", get(forever));
    let address = serve(app.fallback(any(echo)).layer(VerifyLayer::new(verifier))).await?;
    Ok(format!("http://{address}"))
}

fn client(base: &str, scheme: Scheme) -> Result<Client, Failure> {
    Ok(Client::builder(signer(&keys()?, scheme)?).base(base).build()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scheme_is_accepted_with_query_body_and_user() -> Result<(), Failure> {
    let base = service().await?;
    for scheme in Scheme::ALL {
        let client = client(&base, scheme)?.for_user("alice");
        let response = client.send(client.put("/a%20b/\u{e9}?q=1&q=%2F+x").body("{}")).await?;
        let text = response.text().await?;
        let user = if scheme == Scheme::Message { " for alice" } else { "" };
        let sender = if scheme == Scheme::Client { "billing" } else { "agent" };
        assert_eq!(text, format!("{sender} {scheme}{user} /a%20b/%C3%A9?q=1&q=%2F+x {{}}"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn unusual_urls_are_signed_as_they_are_sent() -> Result<(), Failure> {
    let base = service().await?;
    for path in [
        "",
        "?",
        "?a",
        "/?",
        "//double",
        "/./a/../b",
        "/%2e%2e/c",
        "/a|b^c[d]",
        "/a'b\"c?d'e\"f",
        "/;p=1#part",
        "/%zz",
        "/\\back",
    ] {
        for scheme in Scheme::ALL {
            let client = client(&base, scheme)?;
            let url = format!("{base}{path}");
            let response = client.send(client.get(&url)).await?;
            assert_eq!(response.status(), StatusCode::OK, "{scheme} {url}: {}", response.text().await?);
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_within_the_origin_is_signed_again() -> Result<(), Failure> {
    let base = service().await?;
    let client = client(&base, Scheme::Message)?;
    for (status, body) in [(301, ""), (302, ""), (303, ""), (307, "{}"), (308, "{}")] {
        let response = client.send(client.post(&format!("/hop/{status}")).body("{}")).await?;
        assert_eq!(response.text().await?, format!("agent message /landed?from=hop {body}"), "{status}");
    }
    let error = client.send(client.get("/forever")).await.map(|response| response.status());
    assert!(matches!(error, Err(Error::TooManyRedirects(20))), "{error:?}");
    let unfollowed =
        Client::builder(signer(&keys()?, Scheme::Message)?).base(&base).max_redirects(0).build()?;
    assert_eq!(unfollowed.send(unfollowed.get("/hop/302")).await?.status(), StatusCode::FOUND);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_origin_is_an_error_that_names_both() -> Result<(), Failure> {
    let base = service().await?;
    let client = client(&base, Scheme::Message)?;
    let Err(Error::Sign(SignError::Origin { origin, from, allowed })) =
        client.send(client.post("/away").body("{}")).await
    else {
        return Err("the redirect was followed".into());
    };
    assert_eq!(
        (origin.as_str(), from, allowed),
        ("http://attacker.invalid", Some(base.clone()), vec![base.clone()])
    );
    for url in [
        "http://attacker.invalid/",
        "//attacker.invalid/",
        "https://127.0.0.1/",
        &base.replace("http:", "https:"),
    ] {
        let error = client.send(client.get(url)).await.map(|response| response.status());
        assert!(matches!(error, Err(Error::Sign(SignError::Origin { from: None, .. }))), "{url}: {error:?}");
    }
    let other_host = client.send(client.get("/").header("host", "attacker.invalid")).await;
    assert!(matches!(other_host, Err(Error::Sign(SignError::Host { .. }))));
    let user = client
        .execute(reqwest::Request::new(reqwest::Method::GET, base.replace("//", "//user@").parse()?))
        .await;
    assert!(matches!(user, Err(Error::Sign(SignError::Url(_)))));
    assert!(Client::builder(signer(&keys()?, Scheme::Message)?).build().is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_sent_only_where_no_signature_covers_it() -> Result<(), Failure> {
    let base = service().await?;
    let stream = || Body::wrap_stream(stream::iter([Ok::<_, std::io::Error>("{"), Ok("}")]));
    for scheme in [Scheme::Message, Scheme::Pairwise] {
        let client = client(&base, scheme)?;
        let error = client.send(client.post("/").body(stream())).await.map(|response| response.status());
        assert!(matches!(error, Err(Error::Sign(SignError::Stream))), "{error:?}");
    }
    let client = client(&base, Scheme::Client)?;
    assert_eq!(client.send(client.post("/").body(stream())).await?.text().await?, "billing client / {}");
    let landed = client.send(client.post("/hop/303").body(stream())).await?;
    assert_eq!(landed.text().await?, "billing client /landed?from=hop ");
    let error = client.send(client.post("/hop/307").body(stream())).await.map(|response| response.status());
    assert!(matches!(error, Err(Error::Sign(SignError::Stream))), "{error:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn http2_is_signed_for_the_authority_that_is_sent() -> Result<(), Failure> {
    let base = service().await?;
    let http2 = reqwest::Client::builder().http2_prior_knowledge();
    let client = Client::builder(signer(&keys()?, Scheme::Message)?).base(&base).reqwest(http2).build()?;
    let response = client.send(client.get("/patients?ward=7")).await?;
    assert_eq!(response.version(), reqwest::Version::HTTP_2);
    assert_eq!(response.text().await?, format!("agent message {base}/patients?ward=7 "));
    Ok(())
}

/// A retry policy that repeats every request. The value is the number of remaining retries.
#[derive(Clone)]
struct Thrice(u32);

impl Policy<reqwest::Request, reqwest::Response, Error> for Thrice {
    type Future = std::future::Ready<()>;

    fn retry(
        &mut self,
        _request: &mut reqwest::Request,
        _result: &mut Result<reqwest::Response, Error>,
    ) -> Option<Self::Future> {
        self.0 = self.0.checked_sub(1)?;
        Some(std::future::ready(()))
    }

    fn clone_request(&mut self, request: &reqwest::Request) -> Option<reqwest::Request> {
        request.try_clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_attempt_of_a_retry_layer_has_its_own_nonce() -> Result<(), Failure> {
    let base = service().await?;
    let service =
        ServiceBuilder::new().layer(RetryLayer::new(Thrice(2))).service(client(&base, Scheme::Message)?);
    let request = reqwest::Request::new(reqwest::Method::GET, base.parse()?);
    assert_eq!(service.oneshot(request).await?.status(), StatusCode::OK);
    Ok(())
}
