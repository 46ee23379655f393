//! The service `token-gateway`: an actix service that verifies connection strings. Its response contains the account and
//! the key version of the token.
//!
//! Usage: token_gateway CONFIG PORT

use actix_web::{App, HttpServer, web};
use sealwire::actix::ConnectionStrings;
use sealwire::{ConnectionString, KeyFile};

async fn account(token: ConnectionString) -> String {
    format!("{} {}", token.account, token.key_version)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    sealwire_demo::log();
    let mut arguments = std::env::args().skip(1);
    let (config, port) = arguments.next().zip(arguments.next()).ok_or("usage: token_gateway CONFIG PORT")?;
    let keys = KeyFile::new(config).table("core.accountLifeCycle").load()?;
    let app = move || {
        let protected =
            web::scope("/api").wrap(ConnectionStrings::new(&keys)).route("/account", web::get().to(account));
        App::new().route("/health", web::get().to(async || "ok")).service(protected)
    };
    Ok(HttpServer::new(app).workers(1).bind(("127.0.0.1", port.parse()?))?.run().await?)
}
