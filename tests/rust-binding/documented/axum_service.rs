use axum::{Router, routing::get};
use sealwire::{Identity, KeyRing, Verifier, tower::VerifyLayer};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let verifier = Verifier::builder("practices", &KeyRing::from_env("practices")?).build()?;
    let whoami = async |identity: Identity| identity.sender;
    let app = Router::new().route("/whoami", get(whoami)).layer(VerifyLayer::new(verifier));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    Ok(axum::serve(listener, app).await?)
}
