//! Metrics in the text format of Prometheus.

use core::ffi::c_char;
use core::fmt::{Display, Write};

use sealwire_core::{Mode, Reason, Scheme};
use sealwire_host::{Reloads, SharedModes, Snapshot};

use crate::clock::check_now_ms;
use crate::counting::{AGE_MS, CountingVerifier, Histogram, LATENCY_NS, SenderCounts};
use crate::guard::guard;
use crate::key_file::{KeysOnDisk, sealwire_key_file};
use crate::mode_file::{ModesOnDisk, sealwire_mode_file};
use crate::opaque::borrow;
use crate::text::TextOut;
use crate::verifier::sealwire_verifier;

/// Writes the metrics of a verifier to `buffer`, in the text format of Prometheus with a final NUL. Send
/// this text as the response at `/metrics`, with the content type `text/plain; version=0.0.4`.
/// `docs/operations.md` describes the metrics. If `key_file` or `mode_file` is not NULL, the text also
/// contains metrics about the reloads of that file. `now_ms` is the current time in milliseconds since the
/// Unix epoch.
///
/// `*length` does not include the NUL. If `buffer_size` is 0, only `*length` is written. Returns
/// `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if the buffer is too small. The required size depends only on the
/// number of senders and key versions. If a process exports the metrics of several verifiers, add a label
/// to the metrics of each verifier. A forked process starts with the counts of its parent. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_metrics_text(
    verifier: *const sealwire_verifier,
    key_file: *const sealwire_key_file,
    mode_file: *const sealwire_mode_file,
    now_ms: u64,
    buffer: *mut c_char,
    buffer_size: usize,
    length: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles.
        let verifier = unsafe { borrow(verifier) }?;
        // SAFETY: as above.
        let keys = if key_file.is_null() { None } else { Some(unsafe { borrow(key_file) }?) };
        // SAFETY: as above.
        let modes = if mode_file.is_null() { None } else { Some(unsafe { borrow(mode_file) }?) };
        // SAFETY: the C caller guarantees valid buffers and outputs.
        let out = unsafe { TextOut::new(buffer, buffer_size, length) }?;
        out.write(text(verifier, keys, modes, check_now_ms(now_ms)? / 1000))
    })
}

fn text(
    verifier: &CountingVerifier,
    keys: Option<&KeysOnDisk>,
    modes: Option<&ModesOnDisk>,
    now_s: u64,
) -> String {
    let mut page = Page(String::with_capacity(1 << 14));
    page.decisions(&verifier.stats());
    page.family("hmac_auth_counting_since_seconds", "gauge", "Start of counting, Unix time");
    page.sample("hmac_auth_counting_since_seconds", &[], verifier.since_s);
    page.histogram(
        "hmac_auth_latency_seconds",
        "Time to verify, including receipt of the body",
        &verifier.latency,
        &LATENCY_NS,
        1e9,
    );
    page.histogram(
        "hmac_auth_timestamp_age_seconds",
        "Age of accepted requests",
        &verifier.age,
        &AGE_MS,
        1e3,
    );
    page.senders(verifier);
    if let Some(store) = verifier.store() {
        let fill = store.fill(now_s);
        page.family("hmac_auth_replay_fill_ratio", "gauge", "Fraction of the replay table in use");
        #[expect(clippy::cast_precision_loss, reason = "the ratio need not be exact")]
        page.sample("hmac_auth_replay_fill_ratio", &[], fill.live as f64 / fill.slots.max(1) as f64);
    }
    page.keys(verifier);
    page.modes(verifier.modes());
    if let Some(keys) = keys {
        page.reloads("key", keys.file.reloads());
        page.family("hmac_auth_key_retire_after_seconds", "gauge", "Planned retirement of a key version");
        for (name, version, seconds) in keys.retire_dates() {
            let labels = [("name", &*name), ("version", &version.to_string())];
            page.sample("hmac_auth_key_retire_after_seconds", &labels, seconds);
        }
    }
    if let Some(modes) = modes {
        page.reloads("mode", modes.file.reloads());
    }
    page.0
}

/// A page of metrics in the text format.
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}.\n# TYPE {name} {kind}\n"));
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.0.push_str(name);
        for (at, (label, value)) in labels.iter().enumerate() {
            self.line(format_args!("{}{label}=\"{}\"", if at == 0 { '{' } else { ',' }, escaped(value)));
        }
        self.line(format_args!("{} {value}\n", if labels.is_empty() { "" } else { "}" }));
    }

    fn line(&mut self, line: core::fmt::Arguments<'_>) {
        // Writing to a `String` cannot fail.
        let _written = self.0.write_fmt(line);
    }

    fn decisions(&mut self, stats: &Snapshot) {
        self.family("hmac_auth_success_total", "counter", "Accepted requests");
        for (scheme, count) in &stats.accepted {
            self.sample("hmac_auth_success_total", &[("scheme", Scheme::name(*scheme))], count);
        }
        self.reasons("hmac_auth_failure_total", "Rejected requests", &stats.rejected);
        let observed = "Requests accepted in observe mode that enforcement would reject";
        self.reasons("hmac_auth_observed_total", observed, &stats.observed);
    }

    fn reasons(&mut self, name: &str, help: &str, counts: &[(Reason, u64)]) {
        self.family(name, "counter", help);
        for (reason, count) in counts {
            self.sample(name, &[("reason", reason.name())], count);
        }
    }

    fn histogram<const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        held: &Histogram<N>,
        bounds: &[u64; N],
        per_second: f64,
    ) {
        #[expect(clippy::cast_precision_loss, reason = "bucket bounds are small, and the sum may be rounded")]
        let seconds = |value: u64| value as f64 / per_second;
        let (buckets, total, sum) = held.read();
        self.family(name, "histogram", help);
        for (bound, count) in bounds.iter().zip(buckets) {
            let bound = seconds(*bound).to_string();
            self.sample(&format!("{name}_bucket"), &[("le", &bound)], count);
        }
        self.sample(&format!("{name}_bucket"), &[("le", "+Inf")], total);
        self.sample(&format!("{name}_sum"), &[], seconds(u64::try_from(sum).unwrap_or(u64::MAX)));
        self.sample(&format!("{name}_count"), &[], total);
    }

    /// Writes the counts of each sender. Counts of 0 are omitted, because the page would otherwise contain
    /// every reason for every sender.
    fn senders(&mut self, verifier: &CountingVerifier) {
        const REQUESTS: &str = "hmac_auth_sender_requests_total";
        const LAST: &str = "hmac_auth_sender_last_seconds";
        let senders = verifier.senders();
        self.family(REQUESTS, "counter", "Decisions per sender");
        for (sender, counts) in &senders {
            self.verdicts(REQUESTS, sender, counts);
        }
        self.family(LAST, "gauge", "Time of the last decision per sender and verdict, Unix time");
        for (sender, counts) in &senders {
            let verdicts = [
                ("accepted", counts.accepted.last_s()),
                ("rejected", counts.rejected.last_s()),
                ("observed", counts.observed.last_s()),
            ];
            for (verdict, last_s) in verdicts.into_iter().filter(|(_, last_s)| *last_s > 0) {
                self.sample(LAST, &[("sender", sender), ("verdict", verdict)], last_s);
            }
        }
    }

    fn verdicts(&mut self, name: &str, sender: &str, counts: &SenderCounts) {
        let mut count = |verdict, reason, count| {
            if count > 0 {
                self.sample(name, &[("sender", sender), ("verdict", verdict), ("reason", reason)], count);
            }
        };
        count("accepted", "", counts.accepted.get(0));
        for (at, reason) in Reason::ALL.iter().enumerate() {
            count("rejected", reason.name(), counts.rejected.get(at));
            count("observed", reason.name(), counts.observed.get(at));
        }
    }

    fn keys(&mut self, verifier: &CountingVerifier) {
        const ACCEPTED: &str = "hmac_auth_key_accepted";
        const LAST: &str = "hmac_auth_key_last_accepted_seconds";
        const PRIMARY: &str = "hmac_auth_key_primary";
        let keys: Vec<_> =
            verifier.ring().status().into_iter().map(|key| (key.version.to_string(), key)).collect();
        self.family(ACCEPTED, "gauge", "Requests accepted with a key version");
        for (version, key) in &keys {
            let primary = if key.primary { "true" } else { "false" };
            let labels = [("name", &*key.name), ("version", version), ("primary", primary)];
            self.sample(ACCEPTED, &labels, key.accepted);
        }
        self.family(LAST, "gauge", "Time of the last acceptance, Unix time");
        for (version, key) in &keys {
            let primary = if key.primary { "true" } else { "false" };
            if let Some(last_s) = key.last_accepted_s {
                self.sample(
                    LAST,
                    &[("name", &*key.name), ("version", version), ("primary", primary)],
                    last_s,
                );
            }
        }
        self.family(PRIMARY, "gauge", "Processes that sign with a key version");
        for (version, key) in &keys {
            self.sample(PRIMARY, &[("name", &*key.name), ("version", version)], u8::from(key.primary));
        }
    }

    fn modes(&mut self, modes: &SharedModes) {
        let held = modes.load();
        let senders = held.senders.iter().map(|(name, mode)| (name.as_str(), *mode));
        self.family("hmac_auth_mode", "gauge", "1 for the current mode, 0 for the others");
        for (sender, current) in core::iter::once(("", held.service)).chain(senders) {
            for mode in Mode::ALL {
                let labels = [("sender", sender), ("mode", mode.name())];
                self.sample("hmac_auth_mode", &labels, u8::from(mode == current));
            }
        }
        self.family("hmac_auth_mode_changes_total", "counter", "Changes of modes while the service ran");
        self.sample("hmac_auth_mode_changes_total", &[], modes.changes());
    }

    fn reloads(&mut self, what: &str, reloads: Reloads) {
        let total = format!("hmac_auth_{what}_reload_total");
        self.family(&total, "counter", &format!("Reloads of the {what} file"));
        self.sample(&total, &[("result", "accepted")], reloads.accepted);
        self.sample(&total, &[("result", "refused")], reloads.rejected);
        let in_order = format!("hmac_auth_{what}_reload_in_order");
        self.family(
            &in_order,
            "gauge",
            "0 if the last reload was rejected and the earlier contents are active",
        );
        self.sample(&in_order, &[], u8::from(reloads.in_order));
    }
}

/// Escapes the value of a label for the text format.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
