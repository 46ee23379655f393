//! An axum service that `agent` may call.

use axum::{Router, routing::post};
use sealwire::{Identity, KeyRing, Verifier, tower::VerifyLayer};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let verifier = Verifier::builder("practices", &KeyRing::from_env("practices")?).build()?;
    let items = async |identity: Identity| format!("called by {}", identity.sender);
    let app = Router::new().route("/items", post(items)).layer(VerifyLayer::new(verifier));
    let port = std::env::var("PORT").unwrap_or_else(|_| "8000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    Ok(axum::serve(listener, app).await?)
}
