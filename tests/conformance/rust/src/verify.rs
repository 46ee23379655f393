//! Runs the test vectors for verification. Each request is verified twice: as a whole, and with the body in
//! parts. Both results must be the same.

use sealwire_core::keys::KeyRing;
use sealwire_core::replay::{Outcome, ReplayStore};
use sealwire_core::{Identity, Mode, Policy, Rejection, Request, Verifier};
use serde_json::Value;

use crate::Fallible;
use crate::case::{Wire, field, items, number};
use crate::{policy, public, ring, store};

pub(crate) fn single(case: &Value) -> Fallible<String> {
    let bench = Bench::new(case)?;
    bench.result(case)
}

pub(crate) fn sequence(case: &Value) -> Fallible<Vec<String>> {
    let bench = Bench::new(case)?;
    items(case, "steps")?.iter().map(|step| bench.result(step)).collect()
}

/// The verifiers of a test case. Complete requests and requests in parts use separate replay stores.
struct Bench {
    policy: Policy,
    keys: KeyRing,
    store: Option<Box<dyn ReplayStore>>,
    streamed: Option<Box<dyn ReplayStore>>,
    /// A verifier of the crate `sealwire` with the same policy, if its settings can represent the policy.
    public: Option<sealwire::Verifier>,
}

impl Bench {
    fn new(case: &Value) -> Fallible<Self> {
        Ok(Self {
            policy: policy::policy(case)?,
            keys: ring::valid(case)?,
            store: store::store(case)?,
            streamed: store::store(case)?,
            public: public::verifier(case)?,
        })
    }

    fn result(&self, step: &Value) -> Fallible<String> {
        let request = Wire::new(field(step, "request")?)?;
        let now_ms = number(step, "now_ms")?;
        let whole = request.with(|view| self.whole(view, &request.body, now_ms));
        let streamed = request.with(|view| self.streamed(view, &request.body, now_ms));
        if whole != streamed {
            return Ok(format!("disagrees with itself: {whole} / {streamed}"));
        }
        let public = self.public.as_ref().and_then(|verifier| public::verified(verifier, &request, now_ms));
        if let Some(public) = public.filter(|public| *public != whole) {
            return Ok(format!("disagrees with the crate sealwire: {whole} / {public}"));
        }
        Ok(whole)
    }

    fn whole(&self, request: &Request<'_>, body: &[u8], now_ms: u64) -> String {
        let verifier = Verifier { policy: &self.policy, keys: &self.keys };
        line(verifier.verify(request, body, self.store.as_deref(), now_ms))
    }

    fn streamed(&self, request: &Request<'_>, body: &[u8], now_ms: u64) -> String {
        let verifier = Verifier { policy: &self.policy, keys: &self.keys };
        let store = self.streamed.as_deref();
        let proven = verifier.begin(request, store, now_ms).and_then(|mut pending| {
            // 61 and the block size of the hash are coprime, so the parts of a long body end at every offset
            // in a block.
            body.chunks(61).try_for_each(|chunk| pending.update(chunk))?;
            pending.finish()
        });
        match (proven, store) {
            (Ok(proven), Some(store)) => line(verifier.claim(&proven, store, now_ms)),
            // Without a store, the caller must claim the nonce.
            (Ok(proven), None) => line(verifier.settle(&proven, Outcome::First, now_ms)),
            (Err(rejected), _) => line(Err(rejected)),
        }
    }
}

fn line(verified: Result<Identity<'_>, Rejection>) -> String {
    match verified {
        Ok(identity) => format!(
            "accepted sender={} version={} scheme={} user={} as={}\tnonce={}",
            identity.sender,
            identity.key_version,
            identity.scheme,
            identity.user_id.unwrap_or("-"),
            identity.name_as_sent,
            identity.nonce.unwrap_or("-"),
        ),
        Err(rejected) if rejected.mode == Mode::Enforce => rejection(&rejected),
        Err(rejected) => format!("let-through {} {}", rejected.mode.name(), rejected.reason),
    }
}

pub(crate) fn rejection(rejected: &Rejection) -> String {
    let field = rejected.field.unwrap_or("-").to_ascii_lowercase();
    let (reason, status) = (rejected.reason, rejected.http_status());
    format!("rejected {reason} {status} {}\tfield={field}", rejected.public_text())
}
