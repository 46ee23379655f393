use actix_web::{App, HttpServer, web};
use sealwire::{ConnectionString, KeyFile, actix::ConnectionStrings};
use std::time::Duration;

async fn account(token: ConnectionString) -> String {
    token.account.to_string()
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = KeyFile::new("gateway.toml").table("core.accountLifeCycle");
    let keys = file.load()?;
    let _reloader = file.watch(&keys, Duration::from_secs(1))?;
    let app =
        move || App::new().wrap(ConnectionStrings::new(&keys)).route("/account", web::get().to(account));
    Ok(HttpServer::new(app).bind("127.0.0.1:8000")?.run().await?)
}
