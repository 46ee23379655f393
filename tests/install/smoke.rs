//! Signs and verifies a request with the crate `sealwire`.

use sealwire::{KeyRing, KeySet, ReplayTable, Signer, Verifier};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = KeySet::new(1, "a secret of at least thirty-two bytes");
    let keys = KeyRing::builder().pair("agent", "practices", secret).build()?;
    let signer = Signer::builder("agent", &keys).receiver("practices").build()?;
    let verifier = Verifier::builder("practices", &keys).replay(ReplayTable::heap()?).build()?;
    let request = http::Request::post("https://practices.test/items?page=2").body("{}")?;
    let signed = signer.sign(request)?;
    assert_eq!(verifier.verify(&signed)?.sender, "agent");
    assert!(verifier.verify(&signed).is_err(), "a replay was accepted");
    println!("signed and verified");
    Ok(())
}
