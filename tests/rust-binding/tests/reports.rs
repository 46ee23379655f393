//! Tests that metrics and events have the documented names and contain no secrets.

use std::io::Write;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Request;
use metrics_exporter_prometheus::PrometheusBuilder;
use sealwire::tower::{ConnectionStringsLayer, VerifyLayer};
use sealwire::{Mode, Scheme, Sender};
use sealwire_rust_binding_tests::{Failure, keys, practices, send, serve, signer};

/// A log writer that keeps the lines, so that a test can check them.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().map_err(|_| std::io::ErrorKind::Other)?.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_decision_is_counted_and_logged_once() -> Result<(), Failure> {
    let recorder = PrometheusBuilder::new().install_recorder()?;
    sealwire::metrics::register();
    let lines = Lines::default();
    let writer = lines.clone();
    tracing_subscriber::fmt().json().with_writer(move || writer.clone()).init();

    let keys = keys()?;
    let verifier = practices(&keys)?.sender(Sender::new("billing").mode(Mode::Observe)).build()?;
    let app = axum::Router::new().fallback(async || "reached").layer(VerifyLayer::new(verifier.clone()));
    let gateway = axum::Router::new().fallback(async || "reached").layer(ConnectionStringsLayer::new(&keys));
    let (address, gateway) = (serve(app).await?, serve(gateway).await?);
    let url = format!("http://{address}/patients?ward=7%0aforged");
    let post = || Request::post(&url).body(Bytes::from_static(b"{}"));
    let accepted = signer(&keys, Scheme::Message)?.sign(post()?)?;
    let signature = accepted.headers()["signature"].to_str()?.to_owned();
    assert_eq!(send(accepted.clone(), false).await?.status(), 200);
    assert_eq!(send(accepted, false).await?.status(), 401);
    let mut observed = signer(&keys, Scheme::Client)?.sign(post()?)?;
    observed.headers_mut().insert("x-timestamp", "1".parse()?);
    assert_eq!(send(observed, false).await?.body(), "reached");
    let token = Request::get(format!("http://{gateway}/")).header("x-mycelium-connection-string", "bad");
    assert_eq!(send(token.body(Bytes::new())?, false).await?.status(), 401);

    sealwire::metrics::observe(&verifier);
    let metrics = recorder.render();
    for line in [
        "hmac_auth_success_total{scheme=\"message\"} 1",
        "hmac_auth_success_total{scheme=\"pairwise\"} 0",
        "hmac_auth_failure_total{reason=\"replayed\"} 1",
        "hmac_auth_observed_total{reason=\"stale_timestamp\"} 1",
        "hmac_auth_failure_total{reason=\"stale_timestamp\"} 0",
        "hmac_auth_latency_seconds_count 3",
        "hmac_auth_timestamp_age_seconds_count 1",
        "hmac_auth_key_accepted{name=\"agent/practices\",version=\"1\",primary=\"true\"} 1",
        "hmac_auth_key_primary{name=\"billing\",version=\"1\"} 1",
    ] {
        assert!(metrics.lines().any(|each| each == line), "{line} is not in\n{metrics}");
    }
    for name in [
        "hmac_auth_counting_since_seconds ",
        "hmac_auth_replay_fill_ratio ",
        "hmac_auth_key_last_accepted_seconds{",
    ] {
        assert!(metrics.lines().any(|each| each.starts_with(name)), "{name} is not in\n{metrics}");
    }

    let log = String::from_utf8(lines.0.lock().map_err(|_| "poisoned")?.clone())?;
    let events: Vec<serde_json::Value> = log.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let events: Vec<_> =
        events.iter().filter(|event| event["target"] == "sealwire").map(|event| &event["fields"]).collect();
    let field =
        |name: &str| events.iter().map(|event| event[name].as_str().unwrap_or_default()).collect::<Vec<_>>();
    assert_eq!(field("sealwire_event"), ["accepted", "rejected", "observed", ""]);
    assert_eq!(field("sealwire_reason"), ["", "replayed", "stale_timestamp", "malformed_token"]);
    assert_eq!(field("sealwire_sender"), ["agent", "agent", "billing", ""]);
    assert_eq!(field("sealwire_path")[..3], ["/patients"; 3]);
    assert_eq!(field("sealwire_peer")[..3], ["127.0.0.1"; 3]);
    assert_eq!(events[3]["connection_string_verification_failed"], true);
    assert!(!log.contains(&signature) && !log.contains("ward=7"), "{log}");
    Ok(())
}
