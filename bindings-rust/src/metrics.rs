//! Metrics about verified and rejected requests, recorded with the crate `metrics`. The metrics have the same
//! names as in other languages.

use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use sealwire_core::{Mode, Reason, Scheme};

use crate::identity::Identity;
use crate::rejection::Rejection;
use crate::verifier::Verifier;

const SUCCESS: &str = "hmac_auth_success_total";
const FAILURE: &str = "hmac_auth_failure_total";
const OBSERVED: &str = "hmac_auth_observed_total";
const LATENCY: &str = "hmac_auth_latency_seconds";
const AGE: &str = "hmac_auth_timestamp_age_seconds";
const COUNTING_SINCE: &str = "hmac_auth_counting_since_seconds";
const FILL: &str = "hmac_auth_replay_fill_ratio";
const KEY_ACCEPTED: &str = "hmac_auth_key_accepted";
const KEY_PRIMARY: &str = "hmac_auth_key_primary";
const KEY_LAST_ACCEPTED: &str = "hmac_auth_key_last_accepted_seconds";

/// Registers and describes the metrics. The counters start at zero. Call this function once, after the
/// recorder is installed.
///
/// ```
/// let recorder = metrics::NoopRecorder; // or that of metrics-exporter-prometheus
/// metrics::set_global_recorder(recorder)?;
/// sealwire::metrics::register();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn register() {
    describe_counter!(SUCCESS, "Accepted requests");
    describe_counter!(FAILURE, "Rejected requests");
    describe_counter!(OBSERVED, "Requests accepted in observe mode that enforcement would reject");
    describe_histogram!(LATENCY, "Time to verify, including receipt of the body");
    describe_histogram!(AGE, "Age of accepted requests");
    describe_gauge!(COUNTING_SINCE, "Start of counting, Unix time");
    describe_gauge!(FILL, "Fraction of the replay table in use");
    describe_gauge!(KEY_ACCEPTED, "Requests accepted with a key version");
    describe_gauge!(KEY_PRIMARY, "Processes that sign with a key version");
    describe_gauge!(KEY_LAST_ACCEPTED, "Time of the last acceptance, Unix time");
    for scheme in Scheme::ALL {
        counter!(SUCCESS, "scheme" => scheme.name()).increment(0);
    }
    for reason in Reason::ALL {
        counter!(FAILURE, "reason" => reason.name()).increment(0);
        counter!(OBSERVED, "reason" => reason.name()).increment(0);
    }
    gauge!(COUNTING_SINCE).set(number(sealwire_host::now_s()));
}

/// Sets the gauges for the replay table and the key usage of a verifier. Call this function before each
/// scrape.
///
/// ```
/// use sealwire::{KeyRing, KeySet, ReplayTable, Verifier};
///
/// let keys = KeyRing::builder().pair("agent", "practices", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let verifier = Verifier::builder("practices", &keys).replay(ReplayTable::heap()?).build()?;
/// sealwire::metrics::observe(&verifier);
/// # Ok::<(), sealwire::ConfigError>(())
/// ```
pub fn observe(verifier: &Verifier) {
    if let Some(fill) = verifier.replay_fill() {
        gauge!(FILL).set(fill);
    }
    for key in verifier.keys().status() {
        let (name, version) = (key.name, key.version.to_string());
        let primary = key.primary.to_string();
        gauge!(KEY_PRIMARY, "name" => name.clone(), "version" => version.clone())
            .set(f64::from(u8::from(key.primary)));
        let accepted = u64::try_from(key.accepted).unwrap_or(u64::MAX);
        gauge!(KEY_ACCEPTED, "name" => name.clone(), "version" => version.clone(), "primary" => primary.clone())
            .set(number(accepted));
        if let Some(last_s) = key.last_accepted_s {
            gauge!(KEY_LAST_ACCEPTED, "name" => name, "version" => version, "primary" => primary)
                .set(f64::from(last_s));
        }
    }
}

#[cfg_attr(
    not(any(feature = "actix", feature = "tower")),
    expect(dead_code, reason = "only the middlewares call this function")
)]
pub(crate) fn accepted(identity: &Identity, elapsed: Duration) {
    counter!(SUCCESS, "scheme" => identity.scheme.name()).increment(1);
    histogram!(LATENCY).record(elapsed.as_secs_f64());
    histogram!(AGE).record(number(identity.age_ms.unsigned_abs()) / 1000.0);
}

#[cfg_attr(
    not(any(feature = "actix", feature = "tower")),
    expect(dead_code, reason = "only the middlewares call this function")
)]
pub(crate) fn rejected(rejection: &Rejection, elapsed: Duration) {
    let name = if rejection.mode() == Mode::Enforce { FAILURE } else { OBSERVED };
    counter!(name, "reason" => rejection.reason().name()).increment(1);
    histogram!(LATENCY).record(elapsed.as_secs_f64());
}

#[expect(clippy::cast_precision_loss, reason = "metrics are doubles, which are exact up to 2^53")]
fn number(value: u64) -> f64 {
    value as f64
}
