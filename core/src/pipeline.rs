//! The one order of checks, for every scheme.
//!
//! Present and well-formed, sender known and allowed, key version known, timestamp in the window, MAC, body against its
//! digest, nonce claimed. Whatever scheme a request is in, it comes here as [`Credentials`].

use crate::keys::{Key, KeyName, KeySet, KeySource, MAX_TRIED};
use crate::mac::{HmacSha256, HmacSha256Stream, Mac};
use crate::message::digest::{BodyHasher, ContentDigest};
use crate::policy::Policy;
use crate::rejected::{Fault, Rejected};
use crate::replay::{Entry, Nonce, Outcome, ReplayStore};
use crate::sink::Sink;
use crate::window::Timestamp;
use crate::{MAX_HEADERS, Rejection, Request, Scheme, Text, client, grammar, message, pairwise};

/// What a request says of itself, in whatever scheme.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Credentials<'a> {
    pub(crate) scheme: Scheme,
    pub(crate) sender: &'a str,
    /// The name of the key set.
    pub(crate) key: KeyName<'a>,
    /// The key version, where the wire carries one.
    pub(crate) key_version: Option<u32>,
    pub(crate) created: Result<Timestamp, Fault>,
    pub(crate) expires: Option<Timestamp>,
    /// What to claim, if anything.
    pub(crate) nonce: Option<&'a str>,
    /// Whether the scheme's documented order looks the nonce up before the MAC.
    pub(crate) looks_before_mac: bool,
    pub(crate) mac: Result<Mac, Fault>,
    pub(crate) user_id: Option<&'a str>,
    pub(crate) input: Input<'a>,
}

/// What is signed, by scheme.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Input<'a> {
    Client(client::Base<'a>),
    Pairwise(pairwise::Base<'a>),
    Message(message::Signed<'a>),
}

impl Input<'_> {
    /// Writes what the head contributes to the signing input.
    pub(crate) fn write(&self, sink: &mut impl Sink) -> Result<(), Fault> {
        match self {
            Self::Client(base) => base.write(sink),
            Self::Pairwise(base) => base.write(sink),
            Self::Message(signed) => signed.write(sink)?,
        }
        Ok(())
    }

    pub(crate) fn body(&self) -> BodyRule {
        match self {
            Self::Client(_) => BodyRule::Unsigned,
            Self::Pairwise(_) => BodyRule::InMac,
            Self::Message(signed) => signed.body(),
        }
    }
}

/// How a body is covered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BodyRule {
    /// Not at all: `client`.
    Unsigned,
    /// The signing input ends in the body: `pairwise`.
    InMac,
    /// By its SHA-256 digest, which is signed: `message`.
    Digest(ContentDigest),
    /// No digest is signed, so there may be no body: `message`.
    Empty,
}

/// A request whose head has passed every check that needs no body.
#[derive(Debug)]
pub(crate) struct Admitted<'a, 'k> {
    pub(crate) credentials: Credentials<'a>,
    pub(crate) head: Head<'k>,
}

/// What judging the head found out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'k> {
    pub(crate) proof: Proof<'k>,
    pub(crate) age_ms: i64,
    pub(crate) forgotten_from_s: u64,
    pub(crate) entry: Option<Entry>,
}

/// The key a request was signed with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Proof<'k> {
    /// Known: the MAC matched.
    Found(&'k Key<HmacSha256>),
    /// One of these: the MAC covers the body, which is still to come.
    Awaited(KeySet<'k, HmacSha256>),
}

/// Everything up to the body.
pub(crate) fn admit<'a, 'k>(
    policy: &'a Policy,
    keys: &'k (impl KeySource + ?Sized),
    request: &Request<'a>,
    store: Option<&dyn ReplayStore>,
    now_ms: u64,
) -> Result<Admitted<'a, 'k>, Rejected> {
    let scheme = chosen(policy, request);
    let credentials =
        read(scheme, policy, request).map_err(|fault| unread(policy, scheme, request, fault))?;
    match check_head(policy, keys, request, store, now_ms, &credentials) {
        Ok(head) => Ok(Admitted { credentials, head }),
        Err(fault) => Err(rejected(policy, &credentials, now_ms, fault)),
    }
}

/// The rejection of a request that could be read.
#[cold]
pub(crate) fn rejected(
    policy: &Policy,
    credentials: &Credentials<'_>,
    now_ms: u64,
    fault: Fault,
) -> Rejected {
    Rejected {
        reason: fault.reason,
        scheme: credentials.scheme,
        field: fault.field,
        sender: Text::printable(credentials.sender.as_bytes()),
        key_version: credentials.key_version,
        age_ms: credentials.created.ok().map(|created| created.age_ms(now_ms)),
        mode: policy.mode_for(credentials.sender),
    }
}

/// The most preferred accepted scheme whose headers are present; where none is, the most preferred one says what is missing.
fn chosen(policy: &Policy, request: &Request<'_>) -> Scheme {
    let present = |scheme: &Scheme| match scheme {
        Scheme::Message => message::is_present(request),
        Scheme::Pairwise => pairwise::is_present(request),
        Scheme::Client => client::is_present(request),
    };
    let [first, others @ ..] = policy.schemes;
    let first = first.unwrap_or(Scheme::Message);
    match others {
        [None, None] => first,
        _ if present(&first) => first,
        _ => others.into_iter().flatten().find(present).unwrap_or(first),
    }
}

fn read<'a>(scheme: Scheme, policy: &'a Policy, request: &Request<'a>) -> Result<Credentials<'a>, Fault> {
    if !grammar::is_method(request.method) {
        return Err(Fault::malformed("@method"));
    }
    if !grammar::is_target(request.target) {
        return Err(Fault::malformed("@path"));
    }
    if request.headers.len() > MAX_HEADERS {
        return Err(Rejection::MalformedHeader.into());
    }
    match scheme {
        Scheme::Message => message::read(request, policy),
        Scheme::Pairwise => pairwise::read(request, policy),
        Scheme::Client => client::read(request),
    }
}

/// The rejection of a request that could not be read. Its sender is whoever the scheme's own header names, for the log
/// and the mode alone.
fn unread(policy: &Policy, scheme: Scheme, request: &Request<'_>, fault: Fault) -> Rejected {
    let claimed = match scheme {
        Scheme::Message => None,
        Scheme::Pairwise => request.single(pairwise::SERVICE_NAME).ok().flatten(),
        Scheme::Client => request.single(client::CLIENT_ID).ok().flatten(),
    };
    let sender = Text::printable(claimed.unwrap_or_default());
    let mode = policy.mode_for(sender.as_str());
    Rejected {
        reason: fault.reason,
        scheme,
        field: fault.field,
        sender,
        key_version: None,
        age_ms: None,
        mode,
    }
}

fn check_head<'k>(
    policy: &Policy,
    keys: &'k (impl KeySource + ?Sized),
    request: &Request<'_>,
    store: Option<&dyn ReplayStore>,
    now_ms: u64,
    credentials: &Credentials<'_>,
) -> Result<Head<'k>, Fault> {
    let set = keys.find(credentials.key).ok_or(Rejection::UnknownClient)?;
    if !policy.allows(credentials.sender, request.method, request.path()) {
        return Err(Rejection::SenderNotAllowed.into());
    }
    let version =
        credentials.key_version.map(|version| set.version(version).ok_or(Rejection::UnknownKeyVersion));
    let key = version.transpose()?;
    let created = credentials.created?;
    check_time(policy, store, now_ms, credentials, created)?;
    let entry = credentials
        .nonce
        .zip(store)
        .map(|(nonce, store)| store.locate(Nonce { sender: credentials.sender, nonce: nonce.as_bytes() }));
    // Looked at before the MAC in every scheme: by the time the nonce is claimed, its bucket is in the cache.
    let seen = entry.as_ref().zip(store).is_some_and(|(entry, store)| store.seen(entry, now_ms / 1000));
    if seen && credentials.looks_before_mac {
        return Err(Rejection::Replayed.into());
    }
    let mac = credentials.mac?;
    let proof = match (credentials.input.body(), key) {
        (BodyRule::InMac, _) => Proof::Awaited(set),
        (_, Some(key)) => Proof::Found(signed_by(core::iter::once(key), &credentials.input, &mac)?),
        (_, None) => Proof::Found(signed_by(set.tried(), &credentials.input, &mac)?),
    };
    let forgotten_from_s = created.forgotten_from(policy.window(credentials.scheme));
    let age_ms = created.age_ms(now_ms);
    Ok(Head { proof, age_ms, forgotten_from_s, entry })
}

fn check_time(
    policy: &Policy,
    store: Option<&dyn ReplayStore>,
    now_ms: u64,
    credentials: &Credentials<'_>,
    created: Timestamp,
) -> Result<(), Rejection> {
    created.check(policy.window(credentials.scheme), now_ms)?;
    if credentials.expires.is_some_and(|expires| expires.second() < now_ms / 1000) {
        return Err(Rejection::TokenExpired);
    }
    // A store that came to be after the request was signed cannot know whether it passed before.
    let unknown = store.is_some_and(|store| created.second() < store.refuses_before_s());
    if unknown && credentials.nonce.is_some() { Err(Rejection::StaleTimestamp) } else { Ok(()) }
}

fn signed_by<'k>(
    mut keys: impl Iterator<Item = &'k Key<HmacSha256>> + Clone,
    input: &Input<'_>,
    mac: &Mac,
) -> Result<&'k Key<HmacSha256>, Fault> {
    // Most sets hold one key, and room for eight costs as much as hashing a block.
    let found = if keys.clone().nth(1).is_none() {
        find::<1>(keys.clone(), input, mac)
    } else {
        find::<MAX_TRIED>(keys.clone(), input, mac)
    };
    found?.and_then(|at| keys.nth(at)).ok_or(Rejection::SignatureMismatch.into())
}

fn find<'k, const KEYS: usize>(
    keys: impl Iterator<Item = &'k Key<HmacSha256>>,
    input: &Input<'_>,
    mac: &Mac,
) -> Result<Option<usize>, Fault> {
    let mut stream = HmacSha256Stream::<KEYS>::under(keys.map(Key::mac));
    input.write(&mut stream)?;
    Ok(stream.find(mac))
}

/// The part of a verification that waits for the body.
#[allow(clippy::large_enum_variant, reason = "there is no heap to box the MAC streams on")]
#[derive(Debug)]
pub(crate) enum BodyCheck<const KEYS: usize> {
    Unsigned,
    Empty,
    Digest { hash: BodyHasher, expected: ContentDigest },
    Mac { stream: HmacSha256Stream<KEYS>, mac: Mac },
}

impl<const KEYS: usize> BodyCheck<KEYS> {
    pub(crate) fn new(admitted: &Admitted<'_, '_>) -> Result<Self, Fault> {
        let credentials = &admitted.credentials;
        Ok(match (credentials.input.body(), admitted.head.proof, credentials.mac) {
            (BodyRule::Unsigned, ..) => Self::Unsigned,
            (BodyRule::Empty, ..) => Self::Empty,
            (BodyRule::Digest(expected), ..) => Self::Digest { hash: BodyHasher::default(), expected },
            (BodyRule::InMac, Proof::Awaited(set), Ok(mac)) => {
                let mut stream = HmacSha256Stream::under(set.tried().map(Key::mac));
                credentials.input.write(&mut stream)?;
                Self::Mac { stream, mac }
            }
            (BodyRule::InMac, ..) => return Err(Rejection::SignatureMismatch.into()),
        })
    }

    pub(crate) fn update(&mut self, chunk: &[u8]) -> Result<(), Rejection> {
        match self {
            Self::Unsigned => {}
            Self::Empty if chunk.is_empty() => {}
            Self::Empty => return Err(Rejection::MissingCoverage),
            Self::Digest { hash, .. } => hash.update(chunk),
            Self::Mac { stream, .. } => stream.update(chunk),
        }
        Ok(())
    }

    /// Where the MAC covered the body: which of the keys tried it was made with.
    pub(crate) fn finish(self) -> Result<Option<usize>, Rejection> {
        match self {
            Self::Unsigned | Self::Empty => Ok(None),
            Self::Digest { hash, expected } => {
                if hash.finish().matches(&expected) {
                    Ok(None)
                } else {
                    Err(Rejection::BodyDigestMismatch)
                }
            }
            Self::Mac { stream, mac } => stream.find(&mac).map(Some).ok_or(Rejection::SignatureMismatch),
        }
    }
}

/// Claims a nonce. A request whose time ran out while its body was on the way is refused: its entry would be forgotten as
/// soon as it was made, and the request could pass twice.
pub(crate) fn claim(
    forgotten_from_s: u64,
    now_ms: u64,
    claim: impl FnOnce(u64, u64) -> Outcome,
) -> Result<(), Rejection> {
    let now_s = now_ms / 1000;
    if now_s >= forgotten_from_s {
        return Err(Rejection::StaleTimestamp);
    }
    claim(forgotten_from_s, now_s).admit()
}
