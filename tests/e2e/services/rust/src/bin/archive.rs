//! The service `archive`: an actix service with Sealwire's middleware, for HTTP/1 and HTTP/2. Its response contains the
//! sender and the received body.
//!
//! Usage: archive NAME PORT

use actix_web::{App, HttpServer, web};
use sealwire::actix::Verify;
use sealwire::{Identity, ReplayTable, Scheme, Verifier};

async fn echo(identity: Identity, body: String) -> String {
    let user = identity.user_id.as_deref().unwrap_or("-");
    format!("{} {} {user}\n{body}", identity.sender, identity.scheme)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    sealwire_demo::log();
    let mut arguments = std::env::args().skip(1);
    let (name, port) = arguments.next().zip(arguments.next()).ok_or("usage: archive NAME PORT")?;
    let verifier = Verifier::builder(&name, &sealwire_demo::keys()?)
        .schemes(Scheme::ALL)
        .exempt_paths(["/health"])
        // pairwise has no nonce, so the verifier claims the signature as the nonce.
        .claim_pairwise()
        .replay(ReplayTable::mapped(std::env::var("REPLAY_FILE")?)?)
        .build()?;
    let app = move || {
        App::new()
            .wrap(Verify::new(verifier.clone()))
            .route("/health", web::get().to(async || "ok"))
            .default_service(web::to(echo))
    };
    Ok(HttpServer::new(app).workers(2).bind_auto_h2c(("127.0.0.1", port.parse()?))?.run().await?)
}
