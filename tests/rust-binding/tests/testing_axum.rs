use axum::{Router, body::Body, routing::get};
use http::{Request, StatusCode};
use sealwire::{Identity, Signer, Verifier, testing, tower::VerifyLayer};
use tower::ServiceExt;

fn app(verifier: Verifier) -> Router {
    let items = async |caller: Identity| caller.sender;
    Router::new().route("/items", get(items)).layer(VerifyLayer::new(verifier))
}

#[tokio::test]
async fn only_signed_requests_are_accepted() -> Result<(), Box<dyn std::error::Error>> {
    let keys = testing::key_ring(["agent", "practices"], [])?;
    let verifier = Verifier::builder("practices", &keys).replay(testing::replay_table()?).build()?;
    let signer = Signer::builder("agent", &keys).receiver("practices").build()?;
    let request = testing::sign(&signer, Request::get("/items").body(String::new())?)?;
    let response = app(verifier.clone()).oneshot(request.map(Body::from)).await?;
    assert_eq!(response.status(), StatusCode::OK);
    let unsigned = Request::get("/items").body(Body::empty())?;
    assert_eq!(app(verifier).oneshot(unsigned).await?.status(), StatusCode::UNAUTHORIZED);
    Ok(())
}
