//! Tests with a real Redis or Valkey server that stores nonces, and a real OpenBao server that stores secrets.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use http::Request;
use sealwire::redis::RedisStore;
use sealwire::vault::Vault;
use sealwire::{KeyFile, Reason, ReplayTable, Scheme, Verifier};
use sealwire_rust_binding_tests::{Failure, keys, practices, signer};

/// A process that is killed at the end of the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

impl Program {
    fn start(program: &Path, arguments: &[&str]) -> Result<Self, Failure> {
        let command =
            Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Ok(Self(command.map_err(|cause| format!("{}: {cause}; run make setup", program.display()))?))
    }

    /// Sends a signal to the process with the command `kill`.
    fn signal(&self, name: &str) -> Result<(), Failure> {
        let sent = Command::new("kill").args([name, &self.0.id().to_string()]).status()?;
        if sent.success() { Ok(()) } else { Err("kill failed".into()) }
    }
}

fn free_port() -> Result<u16, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Starts a Redis or Valkey server with additional settings. Returns the process and the URL of the server.
async fn redis(settings: &[&str]) -> Result<(Program, String), Failure> {
    let program = std::env::var("REDIS_SERVER").unwrap_or_else(|_| "redis-server".into());
    let port = free_port()?.to_string();
    let own = ["--bind", "127.0.0.1", "--port", &port, "--save", "", "--appendonly", "no"];
    let server = Program::start(Path::new(&program), &[&own, settings].concat())?;
    wait_for(&port).await?;
    Ok((server, format!("redis://127.0.0.1:{port}/0")))
}

async fn wait_for(port: &str) -> Result<(), Failure> {
    for _ in 0..200 {
        if tokio::net::TcpStream::connect(format!("127.0.0.1:{port}")).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err("the server did not start".into())
}

async fn verifier(url: &str) -> Result<Verifier, Failure> {
    let store = RedisStore::connect(url).await?.prefix("tests:");
    store.check().await?;
    Ok(practices(&keys()?)?.replay(ReplayTable::shared(store)).build()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_that_share_a_store_accept_a_request_once() -> Result<(), Failure> {
    let (_server, url) = redis(&[]).await?;
    let (one, other) = (verifier(&url).await?, verifier(&url).await?);
    for scheme in [Scheme::Message, Scheme::Client] {
        let request = Request::get("http://practices.internal/patients").body("")?;
        let request = signer(&keys()?, scheme)?.sign(request)?;
        assert_eq!(one.verify_async(&request).await?.scheme, scheme);
        for verifier in [&one, &other] {
            let again = verifier.verify_async(&request).await.map_err(|rejection| rejection.reason());
            assert_eq!(again, Err(Reason::Replayed));
        }
        let waiting = one.verify(&request).map_err(|rejection| rejection.reason());
        assert_eq!(waiting, Err(Reason::ReplayStoreUnavailable));
    }
    let pairwise = signer(&keys()?, Scheme::Pairwise)?.sign(Request::get("http://a.test/").body("")?)?;
    assert!(one.verify_async(&pairwise).await.is_ok());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_store_rejects_with_503_until_it_responds_again() -> Result<(), Failure> {
    let (server, url) = redis(&[]).await?;
    let verifier = verifier(&url).await?;
    let verify = async || -> Result<_, Failure> {
        let request = signer(&keys()?, Scheme::Message)?.sign(Request::get("http://a.test/").body("")?)?;
        Ok(verifier
            .verify_async(&request)
            .await
            .map_err(|rejection| (rejection.reason(), rejection.status().as_u16())))
    };
    server.signal("-STOP")?;
    assert_eq!(verify().await?.err(), Some((Reason::ReplayStoreUnavailable, 503)));
    server.signal("-CONT")?;
    for _ in 0..100 {
        if verify().await?.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err("the store was not used again".into())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_store_claims_stops_the_start() -> Result<(), Failure> {
    let (_server, url) = redis(&["--maxmemory-policy", "allkeys-lru"]).await?;
    let error = RedisStore::connect(&url).await?.check().await.expect_err("it evicts").to_string();
    assert!(error.starts_with("replay: the Redis server has maxmemory-policy allkeys-lru"), "{error}");
    RedisStore::connect(&url).await?.allow_eviction().check().await?;
    let (_server, url) = redis(&["--requirepass", "secret"]).await?;
    let error = match RedisStore::connect(&url).await {
        Ok(store) => store.check().await.err(),
        Err(error) => Some(error),
    };
    let error = error.ok_or("it needs a password")?.to_string();
    assert!(error.contains("rejects the user or the password"), "{error}");
    assert!(RedisStore::connect("nonsense").await.is_err());
    let silent = format!("redis://127.0.0.1:{}/0", free_port()?);
    assert!(RedisStore::connect(&silent).await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn references_to_vault_are_resolved() -> Result<(), Failure> {
    let program = std::env::var_os("OPENBAO")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/bao"), PathBuf::from);
    let port = free_port()?.to_string();
    let listen = format!("-dev-listen-address=127.0.0.1:{port}");
    let _server = Program::start(
        &program,
        &["server", "-dev", "-dev-no-store-token", "-dev-root-token-id=root", &listen],
    )?;
    wait_for(&port).await?;
    let address = format!("http://127.0.0.1:{port}");
    let path = "myc/core/accountLifeCycle";
    let secrets = serde_json::json!({ "data": { "hmacSecretV1": "the first secret, which has 32 bytes", "empty": "" } });
    let http = reqwest::Client::new();
    let mut written = false;
    for _ in 0..100 {
        let write = http
            .post(format!("{address}/v1/secret/data/{path}"))
            .header("x-vault-token", "root")
            .json(&secrets);
        written = write.send().await.is_ok_and(|response| response.status().is_success());
        if written {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(written);
    let directory = tempfile::tempdir()?;
    let config = directory.path().join("gateway.toml");
    let table = "core.accountLifeCycle";
    let write = |key: &str| {
        let reference = format!("{{ vault = {{ path = \"{path}\", key = \"{key}\" }} }}");
        let text = format!(
            "[{table}]\nhmacPrimaryVersion = 1\n[[{table}.hmacSecrets]]\nversion = 1\nsecret = {reference}\n"
        );
        std::fs::write(&config, text)
    };
    let load =
        async |token: &str| KeyFile::new(&config).table(table).load_with(&Vault::new(&address, token)?).await;
    write("hmacSecretV1")?;
    assert_eq!(load("root").await?.status()[0].name, "issuer");
    let denied = load("wrong").await.expect_err("no permission").to_string();
    assert!(
        denied.starts_with(
            "issuer version 1: Vault did not return secret/myc/core/accountLifeCycle (status 403)"
        ),
        "{denied}"
    );
    for missing in ["hmacSecretV9", "empty"] {
        write(missing)?;
        let error = load("root").await.expect_err("no such key").to_string();
        assert!(error.contains(&format!("Vault has no key {missing}")), "{error}");
    }
    assert!(Vault::new("not an address", "root").is_err());
    Ok(())
}
