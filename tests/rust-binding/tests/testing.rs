//! Tests of `sealwire::testing`.

use std::time::Duration;

use axum::body::Body;
use axum::routing::any;
use axum::{Json, Router};
use http::{Request, StatusCode};
use sealwire::tower::VerifyLayer;
use sealwire::{Identity, KeyRing, Reason, Scheme, Signer, Verifier, testing};
use sealwire_rust_binding_tests::Failure;
use tower::ServiceExt;

async fn show(identity: Identity, Json(body): Json<serde_json::Value>) -> String {
    format!("{} {body}", identity.sender)
}

fn signer(keys: &KeyRing, scheme: Scheme) -> Result<Signer, Failure> {
    let name = if scheme == Scheme::Client { "billing" } else { "agent" };
    Ok(Signer::builder(name, keys).schemes([scheme]).receiver("practices").build()?)
}

fn verifier(keys: &KeyRing, scheme: Scheme) -> Result<sealwire::VerifierBuilder, Failure> {
    let builder = Verifier::builder("practices", keys).schemes([scheme]).authorities(["any"]);
    Ok(builder.replay(testing::replay_table()?))
}

#[tokio::test]
async fn requests_of_every_scheme_are_accepted_by_oneshot() -> Result<(), Failure> {
    let keys = testing::key_ring(["agent", "practices"], ["billing"])?;
    for scheme in Scheme::ALL {
        let layer = VerifyLayer::new(verifier(&keys, scheme)?.build()?);
        let app = Router::new().route("/items", any(show)).layer(layer);
        let signer = signer(&keys, scheme)?;
        for uri in ["/items?a=%20b", "http://practices.test:8443/items"] {
            let json = Request::post(uri).header("content-type", "application/json");
            let request = testing::sign(&signer, json.body(r#"{"a":1}"#)?)?;
            let response = app.clone().oneshot(request.map(Body::from)).await?;
            assert_eq!(response.status(), StatusCode::OK, "{scheme} {uri}");
            let body = axum::body::to_bytes(response.into_body(), usize::MAX).await?;
            assert!(body.ends_with(br#" {"a":1}"#));
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_identity_replaces_the_middleware() -> Result<(), Failure> {
    for scheme in Scheme::ALL {
        let user = (scheme != Scheme::Client).then_some("alice");
        let identity = testing::identity("agent_service", scheme, user)?;
        let told = (identity.sender.as_str(), identity.name_as_sent.as_str(), identity.scheme);
        assert_eq!(told, ("agent", "agent_service", scheme));
        assert_eq!(identity.user_id.as_deref(), user);
        let mut request =
            Request::post("/").header("content-type", "application/json").body(Body::from("1"))?;
        request.extensions_mut().insert(identity);
        let response = Router::new().fallback(any(show)).oneshot(request).await?;
        assert_eq!(response.status(), StatusCode::OK);
    }
    assert!(testing::identity("a b:", Scheme::Message, None).is_err());
    assert!(testing::identity("agent", Scheme::Message, Some("line\nbreak")).is_err());
    Ok(())
}

#[test]
fn each_ring_has_new_keys_and_a_table_can_be_cleared() -> Result<(), Failure> {
    let [keys, other] = [(); 2].map(|()| testing::key_ring(["agent", "practices", "meals"], ["billing"]));
    let (keys, other) = (keys?, other?);
    assert_eq!(keys.status().len(), 4);
    let request = testing::sign(&signer(&keys, Scheme::Message)?, Request::get("/").body("")?)?;
    let table = testing::replay_table()?;
    let build =
        |keys| Verifier::builder("practices", keys).authorities(["any"]).replay(table.clone()).build();
    let mismatch = build(&other)?.verify(&request).err().map(|rejection| rejection.reason());
    assert_eq!(mismatch, Some(Reason::SignatureMismatch));
    let verifier = build(&keys)?;
    assert!(verifier.verify(&request).is_ok());
    assert!(verifier.verify(&request).is_err());
    assert!(table.clear());
    assert!(verifier.verify(&request).is_ok());
    Ok(())
}

#[test]
fn a_manual_clock_moves_only_when_a_test_moves_it() -> Result<(), Failure> {
    let (keys, clock) = (testing::key_ring(["agent", "practices"], [])?, testing::ManualClock::at(0));
    let verifier = verifier(&keys, Scheme::Message)?.clock(clock.reader()).build()?;
    let signer =
        Signer::builder("agent", &keys).receiver("practices").clock(clock.clone().reader()).build()?;
    let request = testing::sign(&signer, Request::get("/").body("")?)?;
    assert_eq!(verifier.verify(&request)?.age_ms, 0);
    let request = testing::sign(&signer, Request::get("/").body("")?)?;
    clock.advance(Duration::from_secs(300));
    assert_eq!(verifier.verify(&request)?.age_ms, 300_000);
    let request = testing::sign(&signer, Request::get("/").body("")?)?;
    clock.set(0);
    let reason = verifier.verify(&request).err().map(|rejection| rejection.reason());
    assert_eq!((reason, clock.now_ms()), (Some(Reason::FutureTimestamp), 0));
    Ok(())
}
