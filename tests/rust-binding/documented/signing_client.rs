use sealwire::{KeyRing, Signer, reqwest::Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let signer = Signer::builder("agent", &KeyRing::from_env("agent")?).receiver("practices").build()?;
    let client = Client::builder(signer).base("http://127.0.0.1:8000").build()?;
    println!("{}", client.send(client.get("/whoami")).await?.text().await?); // agent
    Ok(())
}
