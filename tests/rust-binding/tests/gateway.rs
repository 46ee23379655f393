//! Tests for an API gateway that verifies connection strings: its configuration, startup errors, responses,
//! and key rotation while it runs.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant, SystemTime};

use actix_web::{App, HttpServer, web};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use sealwire::actix::ConnectionStrings;
use sealwire::tower::ConnectionStringsLayer;
use sealwire::{ConnectionString, Draft, KeyFile, KeyRing, Permission, Uuid};
use sealwire_rust_binding_tests::{Failure, send};

const TABLE: &str = "core.accountLifeCycle";

/// Returns the contents of a configuration file with these versions of the secret.
fn config(primary: &str, versions: &[(u32, &str)]) -> String {
    let secrets = versions.iter().map(|(version, secret)| {
        format!("[[core.accountLifeCycle.hmacSecrets]]\nversion = {version}\nsecret = {secret}\n")
    });
    format!(
        "[core.accountLifeCycle]\ntokenExpiration = 86400\ntokenSecret = {{ env = \"UNUSED\" }}\n{primary}\n{}",
        secrets.collect::<String>()
    )
}

fn literal(version: u32) -> String {
    format!("\"the secret of version {version}, which has 32 bytes\"")
}

fn load(path: &Path) -> Result<KeyRing, sealwire::ConfigError> {
    KeyFile::new(path).table(TABLE).load()
}

#[test]
fn the_three_start_up_rules_name_the_setting() -> Result<(), Failure> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("gateway.toml");
    let (one, two) = (literal(1), literal(2));
    let twice: &[(u32, &str)] = &[(1, &one), (1, &two)];
    let cases = [
        (
            "hmacPrimaryVersion = 1\nhmacSecrets = []",
            &[][..],
            "core.accountLifeCycle.hmacSecrets: the key set is empty",
        ),
        ("hmacPrimaryVersion = 1", twice, "core.accountLifeCycle.hmacSecrets: version 1 is given twice"),
        (
            "hmacPrimaryVersion = 3",
            &[(1, &*one)],
            "core.accountLifeCycle.hmacPrimaryVersion: the primary version 3 is not among",
        ),
        ("", &[(1, &*one)], "issuer: hmacPrimaryVersion must be the number"),
    ];
    for (primary, versions, message) in cases {
        std::fs::write(&path, config(primary, versions))?;
        let error = load(&path).expect_err("the gateway must not start").to_string();
        assert!(error.starts_with(message), "{error}");
    }
    std::fs::write(&path, config("hmacPrimaryVersion = 2", &[(1, &one), (2, &two)]))?;
    assert_eq!(load(&path)?.status().len(), 2);
    Ok(())
}

#[test]
fn a_secret_is_literal_or_in_the_environment() -> Result<(), Failure> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("gateway.toml");
    std::fs::write(
        &path,
        config("hmacPrimaryVersion = 2", &[(1, &literal(1)), (2, "{ env = \"HMAC_V2\" }")]),
    )?;
    let file = KeyFile::new(&path).table(TABLE);
    let variables = |secret: &str| [("HMAC_V2".to_owned(), secret.to_owned())];
    let keys = file.clone().environment(variables("another secret that has 32 bytes")).load()?;
    assert_eq!(
        keys.status().iter().filter(|key| key.primary).map(|key| key.version).collect::<Vec<_>>(),
        [2]
    );
    for (secret, message) in [("", "HMAC_V2 is not set"), ("short", "5 bytes")] {
        let error = file.clone().environment(variables(secret)).load().expect_err("rejected").to_string();
        assert!(error.contains(message), "{error}");
    }
    std::fs::write(
        &path,
        config("hmacPrimaryVersion = 1", &[(1, "{ vault = { path = \"a\", key = \"b\" } }")]),
    )?;
    let error = file.load().expect_err("no client for Vault").to_string();
    assert!(error.contains("issuer version 1") && error.contains("vault"), "{error}");
    Ok(())
}

async fn account(token: ConnectionString) -> String {
    format!("{} {}", token.account, token.key_version)
}

/// Starts a gateway replica with actix or axum, and returns its address.
async fn replica(keys: &KeyRing, with_actix: bool) -> Result<SocketAddr, Failure> {
    if !with_actix {
        let app = axum::Router::new().route("/account", get(account));
        return sealwire_rust_binding_tests::serve(app.layer(ConnectionStringsLayer::new(keys))).await;
    }
    let keys = keys.clone();
    let app =
        move || App::new().wrap(ConnectionStrings::new(&keys)).route("/account", web::get().to(account));
    let server = HttpServer::new(app).workers(1).bind("127.0.0.1:0")?;
    let address = server.addrs().first().copied().ok_or("no address")?;
    tokio::spawn(server.disable_signals().run());
    Ok(address)
}

fn draft() -> Draft {
    let expires = SystemTime::now() + Duration::from_secs(3600);
    Draft::new(Uuid::nil(), expires).role("billing", Permission::Read)
}

async fn call(address: SocketAddr, token: &str) -> Result<Response<String>, Failure> {
    let request = Request::get(format!("http://{address}/account"));
    let request = if token.is_empty() { request } else { request.header(ConnectionString::HEADER, token) };
    send(request.body(Bytes::new())?, false).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_token_gets_the_documented_json() -> Result<(), Failure> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("gateway.toml");
    std::fs::write(&path, config("hmacPrimaryVersion = 1", &[(1, &literal(1)), (2, &literal(2))]))?;
    let keys = load(&path)?;
    let token = draft().issue(&keys)?;
    let beans = String::from_utf8(decode(&token)?)?;
    let unversioned = encode(&beans.replace("kvr=1;", ""));
    let downgraded = encode(&beans.replace("kvr=1", "kvr=2"));
    let retired = encode(&beans.replace("kvr=1", "kvr=7"));
    let expired = Draft::new(Uuid::nil(), SystemTime::now() - Duration::from_secs(60)).issue(&keys)?;
    let cases = [
        ("", "Missing connection string"),
        ("nonsense", "Invalid connection string"),
        (unversioned.as_str(), "Invalid connection string: MYC00030"),
        (retired.as_str(), "Invalid connection string: MYC00031"),
        (downgraded.as_str(), "Invalid connection string: MYC00032"),
        (expired.as_str(), "Expired connection string"),
    ];
    for with_actix in [true, false] {
        let address = replica(&keys, with_actix).await?;
        let accepted = call(address, &token).await?;
        assert_eq!(accepted.body(), &format!("{} 1", Uuid::nil()));
        assert_eq!(accepted.headers()["cache-control"], "private");
        for (token, message) in cases {
            let response = call(address, token).await?;
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
            assert_eq!(response.headers()["content-type"], "application/json");
            assert_eq!(response.headers()["cache-control"], "no-store");
            assert!(response.headers().contains_key("www-authenticate"));
            let expected = format!("{{\"msg\":\"Unauthorized\",\"status\":401,\"message\":\"{message}\"}}");
            assert_eq!(response.body(), &expected);
        }
        let twice = Request::get(format!("http://{address}/account"))
            .header(ConnectionString::HEADER, &token)
            .header(ConnectionString::HEADER, &token)
            .body(Bytes::new())?;
        assert_eq!(send(twice, false).await?.status(), StatusCode::UNAUTHORIZED);
    }
    Ok(())
}

/// The replicas of the gateway. Each has its own configuration file.
struct Fleet {
    replicas: Vec<(PathBuf, KeyRing, SocketAddr)>,
}

impl Fleet {
    /// Installs a configuration on one replica after another.
    async fn roll_out(&self, text: &str) -> Result<(), Failure> {
        for (path, keys, _) in &self.replicas {
            std::fs::write(path, text)?;
            keys.replace(&load(path)?);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }
}

/// Until `stopped` is set, issues tokens with the keys of each replica and sends each token to all replicas.
/// Counts the calls. Returns an error if a token is rejected.
async fn traffic(
    fleet: Arc<Fleet>,
    stopped: Arc<AtomicBool>,
    calls: Arc<AtomicUsize>,
) -> Result<(), Failure> {
    while !stopped.load(SeqCst) {
        for (_, keys, _) in &fleet.replicas {
            let token = draft().issue(keys)?;
            for (_, _, address) in &fleet.replicas {
                let response = call(*address, &token).await?;
                if response.status() != StatusCode::OK {
                    return Err(format!("rejected during the rotation: {}", response.body()).into());
                }
                calls.fetch_add(1, SeqCst);
            }
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rotation_procedure_rejects_no_valid_token() -> Result<(), Failure> {
    let directory = tempfile::tempdir()?;
    let (one, two) = (literal(1), literal(2));
    let only_old = config("hmacPrimaryVersion = 1", &[(1, &one)]);
    let both = config("hmacPrimaryVersion = 1", &[(1, &one), (2, &two)]);
    let promoted = config("hmacPrimaryVersion = 2", &[(1, &one), (2, &two)]);
    let only_new = config("hmacPrimaryVersion = 2", &[(2, &two)]);
    let mut replicas = Vec::new();
    for (name, with_actix) in [("first.toml", true), ("second.toml", false)] {
        let path = directory.path().join(name);
        std::fs::write(&path, &only_old)?;
        let keys = load(&path)?;
        let address = replica(&keys, with_actix).await?;
        replicas.push((path, keys, address));
    }
    let fleet = Arc::new(Fleet { replicas });
    let (stopped, calls) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let traffic = tokio::spawn(traffic(fleet.clone(), stopped.clone(), calls.clone()));
    let (_, first, address) = &fleet.replicas[0];

    let old_token = draft().issue(first)?;
    fleet.roll_out(&both).await?; // step 2: every replica accepts both versions
    assert!(
        draft().issue(first).is_ok_and(|token| decode(&token).is_ok_and(|beans| contains(&beans, "kvr=1")))
    );
    fleet.roll_out(&promoted).await?; // step 3: the new version signs
    let new_token = draft().issue(first)?;
    assert!(contains(&decode(&new_token)?, "kvr=2"));
    assert_eq!(call(*address, &old_token).await?.status(), StatusCode::OK);

    fleet.roll_out(&both).await?; // revert step 3, and then repeat it
    assert_eq!(call(*address, &new_token).await?.status(), StatusCode::OK);
    fleet.roll_out(&promoted).await?;

    tokio::time::sleep(Duration::from_millis(100)).await; // step 4: tokens signed with the old version expire
    fleet.roll_out(&only_new).await?; // step 5: the old version is retired
    let retired = call(*address, &old_token).await?;
    assert!(retired.body().contains("MYC00031"), "{}", retired.body());
    assert_eq!(call(*address, &new_token).await?.status(), StatusCode::OK);

    stopped.store(true, SeqCst);
    traffic.await??;
    assert!(calls.load(SeqCst) > 20, "{} calls", calls.load(SeqCst));
    let uses = first.status();
    assert!(uses.iter().all(|key| key.version == 2 && key.accepted > 0), "{uses:?}");
    Ok(())
}

fn contains(beans: &[u8], bean: &str) -> bool {
    beans.split(|byte| *byte == b';').any(|each| each == bean.as_bytes())
}

fn encode(text: &str) -> String {
    STANDARD.encode(text)
}

fn decode(token: &str) -> Result<Vec<u8>, Failure> {
    Ok(STANDARD.decode(token)?)
}

#[test]
fn a_watched_file_is_reloaded_when_another_file_with_the_same_time_and_length_replaces_it()
-> Result<(), Failure> {
    let directory = tempfile::tempdir()?;
    let (path, prepared) = (directory.path().join("gateway.toml"), directory.path().join("prepared"));
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let install = |version: u32| -> Result<(), Failure> {
        let text = config(&format!("hmacPrimaryVersion = {version}"), &[(version, &literal(version))]);
        std::fs::write(&prepared, text)?;
        std::fs::File::options().write(true).open(&prepared)?.set_modified(noon)?;
        Ok(std::fs::rename(&prepared, &path)?)
    };
    install(1)?;
    let file = KeyFile::new(&path).table(TABLE);
    let keys = file.load()?;
    let _reloader = file.watch(&keys, Duration::from_millis(10))?;
    for version in [22, 1, 2] {
        install(version)?;
        let deadline = Instant::now() + Duration::from_secs(20);
        while keys.status()[0].version != version {
            assert!(Instant::now() < deadline, "version {version} is not loaded");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    Ok(())
}
