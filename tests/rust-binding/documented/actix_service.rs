use actix_web::{App, HttpServer, web};
use sealwire::{Identity, KeyRing, Verifier, actix::Verify};

async fn whoami(identity: Identity) -> String {
    identity.sender
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Build the verifier once for all workers, before the server starts.
    let verifier = Verifier::builder("practices", &KeyRing::from_env("practices")?).build()?;
    let app = move || App::new().wrap(Verify::new(verifier.clone())).route("/whoami", web::get().to(whoami));
    Ok(HttpServer::new(app).bind("127.0.0.1:8000")?.run().await?)
}
