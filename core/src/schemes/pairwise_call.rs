//! Functions that sign and verify a `pairwise` request from its separate parts. They are compatible with the
//! functions in the original FastAPI services. The path is signed without modification.

use super::signing::SignError;
use crate::bytes::hex;
use crate::bytes::sink::Sink;
use crate::keys::key::Key;
use crate::keys::key_set::{KeySet, MAX_TRIED};
use crate::keys::source::{KeyName, KeySource};
use crate::mac::sha256::{HmacSha256, HmacSha256Stream, Mac};
use crate::policy::window::{Timestamp, Window};
use crate::wire::grammar;
use crate::wire::reason::Reason;
use crate::wire::scheme::Scheme;

const SEPARATOR: &[u8] = b".";

/// The parts of a signing input before the body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SigningInput<'a> {
    pub(crate) timestamp: &'a [u8],
    pub(crate) sender: &'a [u8],
    pub(crate) receiver: &'a [u8],
    pub(crate) method: &'a [u8],
    pub(crate) path: &'a [u8],
}

impl SigningInput<'_> {
    pub(crate) fn write(&self, sink: &mut impl Sink) {
        for part in [self.timestamp, self.sender, self.receiver] {
            sink.put(part);
            sink.put(SEPARATOR);
        }
        for letter in self.method {
            sink.put(&[letter.to_ascii_uppercase()]);
        }
        for part in [SEPARATOR, self.path, SEPARATOR] {
            sink.put(part);
        }
    }
}

/// The parts of a request that a `pairwise` signature covers. If the path contains a query, the query is
/// signed.
#[derive(Clone, Copy, Debug)]
pub struct PairwiseCall<'a> {
    /// The name of the sending service.
    pub sender: &'a str,
    /// The name of the receiving service.
    pub receiver: &'a str,
    /// The method, in upper or lower case.
    pub method: &'a [u8],
    /// The path, exactly as it is sent.
    pub path: &'a [u8],
    /// The body, exactly as it is sent.
    pub body: &'a [u8],
    /// The time of signing in Unix seconds.
    pub timestamp_s: u64,
}

impl PairwiseCall<'_> {
    /// Returns the signature in lower-case hexadecimal digits.
    ///
    /// # Errors
    /// [`SignError`] if a name or the method is invalid, or if the pair has no key.
    pub fn sign<K: KeySource + ?Sized>(&self, keys: &K) -> Result<[u8; 64], SignError> {
        self.check()?;
        let set = self.keys(keys).ok_or(SignError::NoKey(Scheme::Pairwise))?;
        Ok(self.signature(set.primary().mac()))
    }

    /// Returns the signature under a key, without validating the parts.
    pub(crate) fn signature(&self, key: &HmacSha256) -> [u8; 64] {
        hex::encode(self.stream::<1>([key]).mac().as_bytes())
    }

    /// Verifies a signature with all versions of the pair key.
    ///
    /// # Errors
    /// The reason for the first check that fails.
    pub fn verify<K: KeySource + ?Sized>(
        &self,
        keys: &K,
        signature: &[u8],
        window: Window,
        now_ms: u64,
    ) -> Result<(), Reason> {
        let mac = Mac::from_hex(signature).ok_or(Reason::MalformedHeader)?;
        self.check().map_err(|_| Reason::MalformedHeader)?;
        let set = self.keys(keys).ok_or(Reason::UnknownClient)?;
        Timestamp::seconds(self.timestamp_s).check(window, now_ms)?;
        let found = if set.tried().nth(1).is_none() {
            self.stream::<1>(set.tried().map(Key::mac)).find(&mac)
        } else {
            self.stream::<MAX_TRIED>(set.tried().map(Key::mac)).find(&mac)
        };
        let key = found.and_then(|at| set.tried().nth(at)).ok_or(Reason::SignatureMismatch)?;
        key.usage().note(now_ms / 1000);
        Ok(())
    }

    fn check(&self) -> Result<(), SignError> {
        let named = [self.sender, self.receiver].iter().all(|name| grammar::is_service_name(name.as_bytes()));
        match (named, grammar::is_method(self.method)) {
            (false, _) => Err(SignError::Name),
            (_, false) => Err(SignError::Method),
            _ => Ok(()),
        }
    }

    fn keys<'k, K: KeySource + ?Sized>(&self, keys: &'k K) -> Option<KeySet<'k, HmacSha256>> {
        keys.find(KeyName::Pair(self.sender, self.receiver))
    }

    fn stream<'k, const KEYS: usize>(
        &self,
        keys: impl IntoIterator<Item = &'k HmacSha256>,
    ) -> HmacSha256Stream<KEYS> {
        let mut digits = itoa::Buffer::new();
        let input = SigningInput {
            timestamp: digits.format(self.timestamp_s).as_bytes(),
            sender: self.sender.as_bytes(),
            receiver: self.receiver.as_bytes(),
            method: self.method,
            path: self.path,
        };
        let mut stream = HmacSha256Stream::idle();
        stream.begin(keys);
        input.write(&mut stream);
        stream.put(self.body);
        stream
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::PairwiseCall;
    use crate::keys::Strength;
    use crate::keys::key::Key;
    use crate::keys::key_set::KeySet;
    use crate::keys::source::{KeyName, KeySource};
    use crate::mac::sha256::HmacSha256;
    use crate::policy::window::Window;
    use crate::wire::reason::Reason;

    struct One([Key<HmacSha256>; 2]);

    impl KeySource for One {
        fn find(&self, _: KeyName<'_>) -> Option<KeySet<'_, HmacSha256>> {
            KeySet::new(&self.0, 2).ok()
        }
    }

    fn keys() -> One {
        let key = |version, secret: &[u8]| Key::new(version, secret, Strength::AllowWeak).unwrap();
        One([key(1, b"first"), key(2, b"second")])
    }

    const CALL: PairwiseCall<'static> = PairwiseCall {
        sender: "agent",
        receiver: "practices",
        method: b"delete",
        path: b"/items?owner=me",
        body: b"",
        timestamp_s: 1000,
    };

    #[test]
    fn the_query_is_part_of_the_path() {
        let (keys, now_ms) = (keys(), 1_000_000);
        let signature = CALL.sign(&keys).unwrap();
        let verify = |call: PairwiseCall<'_>| call.verify(&keys, &signature, Window::DEFAULT, now_ms);
        assert_eq!(verify(CALL), Ok(()));
        assert_eq!(verify(PairwiseCall { method: b"DELETE", ..CALL }), Ok(()));
        for path in [b"/items?owner=everyone".as_slice(), b"/items", b"/items?owner=me "] {
            assert_eq!(verify(PairwiseCall { path, ..CALL }), Err(Reason::SignatureMismatch));
        }
    }

    #[test]
    fn each_failed_check_returns_its_reason() {
        let keys = keys();
        let signature = CALL.sign(&keys).unwrap();
        let verify = |call: PairwiseCall<'_>, now_ms| call.verify(&keys, &signature, Window::DEFAULT, now_ms);
        assert_eq!(verify(CALL, 1_300_000), Ok(()));
        assert_eq!(verify(CALL, 1_301_000), Err(Reason::StaleTimestamp));
        assert_eq!(verify(CALL, 994_000), Err(Reason::FutureTimestamp));
        assert_eq!(verify(PairwiseCall { sender: "a.b", ..CALL }, 0), Err(Reason::MalformedHeader));
        assert!(CALL.verify(&keys, b"zz", Window::DEFAULT, 0).is_err());
    }
}
