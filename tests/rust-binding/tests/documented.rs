//! Tests that the READMEs contain the programs in `documented/`, and that these programs are short and work.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Request;
use sealwire::{ConnectionString, Draft, KeyRing, KeySet, Uuid};
use sealwire_rust_binding_tests::{Failure, send};

const SECRET: &str = "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn blocks(readme: &str) -> Result<Vec<String>, Failure> {
    let text = std::fs::read_to_string(root().join(readme))?;
    let blocks = text.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next());
    Ok(blocks.map(ToOwned::to_owned).collect())
}

fn program(name: &str) -> Result<String, Failure> {
    Ok(std::fs::read_to_string(root().join(format!("tests/rust-binding/documented/{name}.rs")))?)
}

#[test]
fn the_readmes_show_the_programs_that_run() -> Result<(), Failure> {
    let (service, client) = (program("axum_service")?, program("signing_client")?);
    assert_eq!(blocks("README.md")?, [service.clone(), client.clone()]);
    let guide = blocks("bindings-rust/README.md")?;
    assert_eq!(guide, [service.clone(), client.clone(), program("actix_service")?, program("gateway")?]);
    let lines = |program: &str| program.lines().filter(|line| !line.trim().is_empty()).count();
    assert!(lines(&service) <= 15, "the service has {} lines", lines(&service));
    assert!(lines(&client) <= 8, "the client has {} lines", lines(&client));
    Ok(())
}

#[test]
fn the_page_on_testing_shows_the_test_that_runs() -> Result<(), Failure> {
    let test = std::fs::read_to_string(root().join("tests/rust-binding/tests/testing_axum.rs"))?;
    assert_eq!(blocks("docs/testing.md")?, [test]);
    Ok(())
}

/// A service process that is killed at the end of the test.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

async fn start(program: &str, directory: &Path) -> Result<(Service, SocketAddr), Failure> {
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut command = Command::new(program);
    command.current_dir(directory).env("ADDRESS", address.to_string()).env("XDG_RUNTIME_DIR", directory);
    let service =
        Service(command.env("HMAC_SECRET_AGENT_PRACTICES", SECRET).stderr(Stdio::inherit()).spawn()?);
    for _ in 0..200 {
        if tokio::net::TcpStream::connect(address).await.is_ok() {
            return Ok((service, address));
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    Err(format!("{program} did not start").into())
}

#[tokio::test]
async fn the_client_calls_both_services() -> Result<(), Failure> {
    for service in [env!("CARGO_BIN_EXE_axum_service"), env!("CARGO_BIN_EXE_actix_service")] {
        let directory = tempfile::tempdir()?;
        let (_service, address) = start(service, directory.path()).await?;
        let mut client = Command::new(env!("CARGO_BIN_EXE_signing_client"));
        client.env("ADDRESS", address.to_string()).env("HMAC_SECRET_AGENT_PRACTICES", SECRET);
        assert_eq!(String::from_utf8(client.output()?.stdout)?, "agent\n", "{service}");
        let unsigned =
            send(Request::get(format!("http://{address}/whoami")).body(Bytes::new())?, false).await?;
        assert_eq!(unsigned.status(), 401, "{service}");
    }
    Ok(())
}

#[tokio::test]
async fn the_gateway_reloads_its_keys() -> Result<(), Failure> {
    let directory = tempfile::tempdir()?;
    let secret = |version: u32| format!("the secret of version {version}, which has 32 bytes");
    let write = |version: u32| {
        let table = "core.accountLifeCycle";
        let secret = secret(version);
        let text = format!(
            "[{table}]\nhmacPrimaryVersion = {version}\n[[{table}.hmacSecrets]]\nversion = {version}\nsecret = {secret:?}\n"
        );
        std::fs::write(directory.path().join("gateway.toml"), text)
    };
    let token = |version: u32| -> Result<String, Failure> {
        let keys = KeyRing::builder().issuer(KeySet::new(version, secret(version))).build()?;
        Ok(Draft::new(Uuid::nil(), SystemTime::now() + Duration::from_secs(60)).issue(&keys)?)
    };
    write(1)?;
    let (_service, address) = start(env!("CARGO_BIN_EXE_gateway"), directory.path()).await?;
    let call = async |version| -> Result<u16, Failure> {
        let request = Request::get(format!("http://{address}/account"))
            .header(ConnectionString::HEADER, token(version)?);
        Ok(send(request.body(Bytes::new())?, false).await?.status().as_u16())
    };
    assert_eq!((call(1).await?, call(20).await?), (200, 401));
    write(20)?;
    for _ in 0..200 {
        if call(20).await? == 200 {
            assert_eq!(call(1).await?, 401);
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err("the keys were not reloaded".into())
}
