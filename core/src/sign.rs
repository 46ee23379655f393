//! Signing: one request, in one scheme or several at once.

use crate::keys::{Key, KeyName, KeySource};
use crate::mac::{HmacSha256, HmacSha256Stream};
use crate::policy::AcceptedSchemes;
use crate::sink::Sink;
use crate::text::known_ascii;
use crate::{Request, Scheme, client, grammar, hex, message, pairwise};

/// Who signs, with which keys, in which schemes: cheap to make. Safe to use from many threads.
#[derive(Debug)]
pub struct Signer<'s, K: ?Sized> {
    /// The sender: this service's name, or its client id.
    pub name: &'s str,
    /// The keys; the primary of each set signs.
    pub keys: &'s K,
    /// The schemes to sign in, all at once.
    pub schemes: AcceptedSchemes,
    /// What `message` signatures cover beyond the default.
    pub coverage: Coverage<'s>,
}

/// What a `message` signature covers beyond method, path, query, body and user.
#[derive(Clone, Copy, Debug)]
pub struct Coverage<'s> {
    /// Whether `@authority` is covered; off behind proxies that rewrite it.
    pub authority: bool,
    /// Header fields covered when they are sent, in lower case.
    pub fields: &'s [&'s str],
}

impl Default for Coverage<'_> {
    fn default() -> Self {
        Self { authority: true, fields: &[] }
    }
}

/// What is signed beside the request's head.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signing<'a> {
    /// The service called: the other half of a pair. Not needed for client keys.
    pub receiver: &'a str,
    /// The body's bytes, exactly as they are sent.
    pub body: &'a [u8],
    /// The user the request is made for.
    pub user_id: Option<&'a str>,
    /// The nonce, which is also the request id: unique per request and sender.
    pub nonce: &'a str,
    /// Milliseconds since the Unix epoch.
    pub now_ms: u64,
}

/// Why a request could not be signed. Nothing has been emitted for the scheme then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// No key set holds the name or pair.
    NoKey(Scheme),
    /// The sender's or receiver's name is not of the scheme's grammar.
    Name,
    /// The method is not a token.
    Method,
    /// The target is not in origin-form, or holds what cannot be sent: a space, a control character, a fragment.
    Target,
    /// The nonce is not 1 to 128 of `A-Z a-z 0-9 . _ -`.
    Nonce,
    /// The user id is not 1 to 128 visible ASCII characters.
    UserId,
    /// A component to be covered is missing, doubled or not fit to be sent.
    Component,
    /// The signature headers would be longer than Sealwire sends.
    TooLong,
}

impl core::fmt::Display for SignError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NoKey(scheme) => {
                return write!(f, "no key for this sender and receiver to sign {scheme} with; add one to the key ring");
            }
            Self::Name => "the sender's or receiver's name is not valid: services are 1 to 64 of A-Z a-z 0-9 _ -, client \
                           ids 1 to 128 visible ASCII characters without : , \" and backslash",
            Self::Method => "the method is not an HTTP token",
            Self::Target => "the target must start with / and be percent-encoded, without spaces or a fragment",
            Self::Nonce => "the request id must be 1 to 128 of A-Z a-z 0-9 . _ -",
            Self::UserId => "the user id must be 1 to 128 visible ASCII characters",
            Self::Component => "a header to be covered is missing, sent twice, or holds what cannot be sent",
            Self::TooLong => "the signature headers would be too long; cover fewer components",
        }
        .fmt(f)
    }
}

impl core::error::Error for SignError {}

impl<'s, K: KeySource + ?Sized> Signer<'s, K> {
    /// Signs a request in every scheme of the signer, and hands each header to `emit`, a name and a value.
    ///
    /// # Errors
    /// [`SignError`], when the request could not be sent or verified as it is.
    pub fn sign(
        &self,
        request: &Request<'_>,
        signing: &Signing<'_>,
        mut emit: impl FnMut(&'static str, &str),
    ) -> Result<(), SignError> {
        for scheme in self.schemes.iter().flatten() {
            let signed = match scheme {
                Scheme::Message => message::sign(self, request, signing, &mut emit),
                Scheme::Pairwise => self.sign_pairwise(request, signing, &mut emit),
                Scheme::Client => self.sign_client(request, signing, &mut emit),
            };
            // What is wrong with the request is told first: a missing key may follow from it.
            signed.map_err(|error| check(request, signing).err().unwrap_or(error))?;
        }
        Ok(())
    }

    fn sign_pairwise(
        &self,
        request: &Request<'_>,
        signing: &Signing<'_>,
        emit: &mut impl FnMut(&'static str, &str),
    ) -> Result<(), SignError> {
        let mut digits = itoa::Buffer::new();
        let timestamp = digits.format(signing.now_ms / 1000);
        let key = self.pair_key(signing.receiver)?;
        let base = pairwise::SigningInput {
            timestamp: timestamp.as_bytes(),
            sender: self.name.as_bytes(),
            receiver: signing.receiver.as_bytes(),
            method: request.method,
            path: request.path(),
        };
        let mut stream = HmacSha256Stream::<1>::idle();
        stream.begin([key.mac()]);
        base.write(&mut stream);
        stream.put(signing.body);
        let ended = stream.end();
        check(request, signing)?;
        let signature = hex::encode::<32, 64>(ended.mac().as_bytes());
        emit(pairwise::SERVICE_NAME, self.name);
        emit(pairwise::TIMESTAMP, timestamp);
        emit(pairwise::SIGNATURE, known_ascii(&signature));
        // Sent twice it would be refused, and `message` sends it too.
        let alone = !self.schemes.contains(&Some(Scheme::Message));
        signing.user_id.filter(|_| alone).into_iter().for_each(|user| emit(pairwise::USER_ID, user));
        Ok(())
    }

    fn sign_client(
        &self,
        request: &Request<'_>,
        signing: &Signing<'_>,
        emit: &mut impl FnMut(&'static str, &str),
    ) -> Result<(), SignError> {
        // First, so that its digits have settled in the cache when they are hashed.
        let mut digits = itoa::Buffer::new();
        let timestamp = digits.format(signing.now_ms);
        let set = self.keys.find(KeyName::Client(self.name)).ok_or_else(|| self.no_client_key())?;
        let base = client::SigningInput {
            client_id: self.name.as_bytes(),
            timestamp: timestamp.as_bytes(),
            method: request.method,
            url: request.target,
            request_id: signing.nonce.as_bytes(),
        };
        let mut stream = HmacSha256Stream::<1>::idle();
        stream.begin([set.primary().mac()]);
        base.write(&mut stream);
        let ended = stream.end();
        // While the inner hash runs.
        check(request, signing)?;
        if !grammar::is_client_id(self.name.as_bytes()) {
            return Err(SignError::Name);
        }
        let signature = hex::encode::<32, 64>(ended.mac().as_bytes());
        emit(client::CLIENT_ID, self.name);
        emit(client::TIMESTAMP, timestamp);
        emit(client::SIGNATURE, known_ascii(&signature));
        emit(client::REQUEST_ID, signing.nonce);
        Ok(())
    }

    #[cold]
    fn no_client_key(&self) -> SignError {
        let named = grammar::is_client_id(self.name.as_bytes());
        if named { SignError::NoKey(Scheme::Client) } else { SignError::Name }
    }

    fn pair_key(&self, receiver: &str) -> Result<&'s Key<HmacSha256>, SignError> {
        self.check_names(receiver)?;
        let set = self.keys.find(KeyName::Pair(self.name, receiver));
        set.map(|set| set.primary()).ok_or(SignError::NoKey(Scheme::Pairwise))
    }

    pub(crate) fn check_names(&self, receiver: &str) -> Result<(), SignError> {
        let valid = [self.name, receiver].into_iter().all(|name| grammar::is_service_name(name.as_bytes()));
        if valid { Ok(()) } else { Err(SignError::Name) }
    }
}

pub(crate) fn check(request: &Request<'_>, signing: &Signing<'_>) -> Result<(), SignError> {
    if !grammar::is_method(request.method) {
        return Err(SignError::Method);
    }
    if !grammar::is_target(request.target) {
        return Err(SignError::Target);
    }
    if !grammar::is_request_id(signing.nonce.as_bytes()) {
        return Err(SignError::Nonce);
    }
    if signing.user_id.is_some_and(|user| !grammar::is_user_id(user.as_bytes())) {
        return Err(SignError::UserId);
    }
    Ok(())
}
