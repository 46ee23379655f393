//! Calls the service with reqwest.

use sealwire::{KeyRing, Signer, reqwest::Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let service = std::env::var("SERVICE_URL").unwrap_or_else(|_| "http://127.0.0.1:8000".to_owned());
    let signer = Signer::builder("agent", &KeyRing::from_env("agent")?).receiver("practices").build()?;
    let client = Client::builder(signer).base(&service).build()?;
    let response = client.send(client.post("/items").body(r#"{"name":"tea"}"#)).await?;
    println!("{} {}", response.status().as_u16(), response.text().await?);
    Ok(())
}
