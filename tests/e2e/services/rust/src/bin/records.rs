//! The service `records`: an axum service with Sealwire's layer. Its response contains the sender and the received body.
//!
//! Usage: records NAME PORT

use axum::Router;
use axum::routing::{any, get};
use sealwire::tower::VerifyLayer;
use sealwire::{Identity, ReplayTable, Scheme, Verifier};

async fn echo(identity: Identity, body: String) -> String {
    let user = identity.user_id.as_deref().unwrap_or("-");
    format!("{} {} {user}\n{body}", identity.sender, identity.scheme)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    sealwire_demo::log();
    let mut arguments = std::env::args().skip(1);
    let (name, port) = arguments.next().zip(arguments.next()).ok_or("usage: records NAME PORT")?;
    let verifier = Verifier::builder(&name, &sealwire_demo::keys()?)
        .schemes(Scheme::ALL)
        .exempt_paths(["/health"])
        // pairwise has no nonce, so the verifier claims the signature as the nonce.
        .claim_pairwise()
        // All processes of the service share this table.
        .replay(ReplayTable::mapped(std::env::var("REPLAY_FILE")?)?)
        .build()?;
    let app = Router::new()
        .route("/health", get(async || "ok"))
        .fallback(any(echo))
        .layer(VerifyLayer::new(verifier));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    Ok(axum::serve(listener, app).await?)
}
