//! Measures the time that a tower layer adds to a request. The peer is a hand-written layer with the `hmac`
//! crate.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::num::NonZeroUsize;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use http::{Request, Response, StatusCode};
use lru::LruCache;
use sealwire::tower::{Verify, VerifyLayer};
use sealwire::{KeyRing, KeySet, ReplayTable, Scheme, Signer, Verifier};
use sha2::Sha256;
use tower_layer::Layer;
use tower_service::Service;

use crate::harness::{Row, Settings, Started, Subject};
use crate::samples::{CLIENT, SECRET, TARGET};

/// The number of requests in a round. The requests are signed before the clock starts.
const BATCH: usize = 2000;
const MAX_SKEW_MS: u64 = 300_000;
const CAPACITY: usize = 200_000;

pub fn verify(_: &Settings) -> Row {
    let keys = keys();
    let by_hand = ByHand {
        inner: Application,
        key: Hmac::new_from_slice(SECRET).unwrap(),
        seen: Arc::new(Mutex::new(LruCache::new(NonZeroUsize::new(CAPACITY).unwrap()))),
    };
    Row::new(vec![
        measured("sealwire", &keys, layer(&keys, ReplayTable::heap_accepting_older().unwrap())),
        measured("hmac crate", &keys, by_hand),
        measured("none", &keys, Application),
    ])
}

pub fn keys() -> KeyRing {
    KeyRing::builder().client(CLIENT, KeySet::new(1, SECRET)).build().unwrap()
}

/// Returns an application with the layer. The replay table is large enough for this number of requests.
pub fn guarded(keys: &KeyRing, requests: usize) -> Verify<Application> {
    layer(keys, ReplayTable::heap_for(requests as u32, 1).unwrap())
}

fn layer(keys: &KeyRing, table: ReplayTable) -> Verify<Application> {
    let builder = Verifier::builder("", keys).schemes([Scheme::Client]).replay(table);
    VerifyLayer::new(builder.build().unwrap()).layer(Application)
}

pub fn signed_requests(keys: &KeyRing, count: usize) -> Vec<Request<String>> {
    let signer = Signer::builder(CLIENT, keys).schemes([Scheme::Client]).build().unwrap();
    (0..count).map(|_| signer.sign(request()).unwrap()).collect()
}

fn measured<S, B>(name: &'static str, keys: &KeyRing, mut service: S) -> Subject
where
    S: Service<Request<String>, Response = Response<B>> + 'static,
    S::Error: std::fmt::Debug,
{
    let keys = keys.clone();
    Subject::rounds(name, move || {
        let requests = signed_requests(&keys, BATCH);
        let start = Started::now();
        for request in requests {
            let response = finished(service.call(request)).unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{name}");
        }
        start.nanoseconds() / BATCH as f64
    })
}

fn request() -> Request<String> {
    let target = str::from_utf8(TARGET).unwrap();
    let request = Request::post(target).header("host", "iam.internal").header("user-agent", "billing/1.4");
    request.header("accept", "application/json").body(String::new()).unwrap()
}

/// Returns the result of a future that completes at the first poll.
pub fn finished<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("a request without a body does not wait"),
    }
}

/// An application that returns an empty response.
#[derive(Clone)]
pub struct Application;

impl<B> Service<Request<B>> for Application {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<B>) -> Self::Future {
        ready(Ok(Response::new(String::new())))
    }
}

/// A hand-written layer for the `client` scheme. The layer checks the four headers, the time window, the
/// nonce and the MAC.
struct ByHand {
    inner: Application,
    key: Hmac<Sha256>,
    seen: Arc<Mutex<LruCache<String, ()>>>,
}

impl Service<Request<String>> for ByHand {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<String>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<String>) -> Self::Future {
        match self.accepts(&request) {
            Some(()) => Box::pin(self.inner.call(request)),
            None => {
                let mut rejected = Response::new("Unauthorized".to_owned());
                *rejected.status_mut() = StatusCode::UNAUTHORIZED;
                Box::pin(ready(Ok(rejected)))
            }
        }
    }
}

impl ByHand {
    fn accepts(&self, request: &Request<String>) -> Option<()> {
        let header = |name: &str| request.headers().get(name)?.to_str().ok();
        let (id, timestamp) = (header("x-client-id")?, header("x-timestamp")?);
        let (nonce, signature) = (header("x-request-id")?, header("x-signature")?);
        let now_ms = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_millis() as u64;
        if id != CLIENT || timestamp.parse::<u64>().ok()?.abs_diff(now_ms) > MAX_SKEW_MS {
            return None;
        }
        if self.seen.lock().ok()?.contains(nonce) {
            return None;
        }
        let target = request.uri().path_and_query()?.as_str();
        let mut mac = self.key.clone();
        mac.update(format!("{id}:{timestamp}:{}:{target}:{nonce}", request.method()).as_bytes());
        mac.verify_slice(&base16ct::lower::decode_vec(signature).ok()?).ok()?;
        self.seen.lock().ok()?.put(nonce.to_owned(), ()).is_none().then_some(())
    }
}
