//! Signs requests in one or more schemes.

use crate::keys::key_set::KeySet;
use crate::keys::source::{KeyName, KeySource};
use crate::mac::sha256::HmacSha256;
use crate::policy::AcceptedSchemes;
use crate::schemes::message::names::KeyId;
use crate::schemes::signing::{Coverage, SignError, Signing, check};
use crate::schemes::{client, message, pairwise};
use crate::wire::grammar;
use crate::wire::request::Request;
use crate::wire::scheme::Scheme;

/// Signs requests as one sender, in one or more schemes. A signer is cheap to create, and threads can share
/// it.
#[derive(Debug)]
pub struct Signer<'s, K: ?Sized> {
    /// The sender, which is the name of this service or its client id.
    pub name: &'s str,
    /// The keys. Requests are signed with the primary key of a key set.
    pub keys: &'s K,
    /// The schemes. Each request is signed in all of these schemes.
    pub schemes: AcceptedSchemes,
    /// The optional components of `message` signatures.
    pub coverage: Coverage<'s>,
}

impl<'s, K: KeySource + ?Sized> Signer<'s, K> {
    /// Signs a request in all schemes of the signer. Passes the name and the value of each header to `emit`.
    ///
    /// # Errors
    /// [`SignError`] if the request cannot be sent or if verifiers would reject it.
    pub fn sign(
        &self,
        request: &Request<'_>,
        signing: &Signing<'_>,
        mut emit: impl FnMut(&'static str, &str),
    ) -> Result<(), SignError> {
        for scheme in self.schemes.iter().flatten() {
            let signed = match scheme {
                Scheme::Message => self.sign_message(request, signing, &mut emit),
                Scheme::Pairwise => self.sign_pairwise(request, signing, &mut emit),
                Scheme::Client => self.sign_client(request, signing, &mut emit),
            };
            // An invalid request is reported before a missing key, because an invalid name can be the reason
            // why no key is found.
            signed.map_err(|error| check(*scheme, request, signing).err().unwrap_or(error))?;
        }
        Ok(())
    }

    /// Signs the request with the pair key if the receiver is known and the pair has a key. Otherwise, signs
    /// it with the client key.
    fn sign_message(
        &self,
        request: &Request<'_>,
        signing: &Signing<'_>,
        emit: &mut impl FnMut(&'static str, &str),
    ) -> Result<(), SignError> {
        check(Scheme::Message, request, signing)?;
        let pair = if signing.receiver.is_empty() { None } else { self.pair(signing.receiver) };
        let (set, receiver) = match pair {
            Some(set) => {
                self.check_names(signing.receiver)?;
                (set, Some(signing.receiver))
            }
            None => {
                let client = self.keys.find(KeyName::Client(self.name));
                (client.ok_or(SignError::NoKey(Scheme::Message))?, None)
            }
        };
        let key = set.primary();
        let key_id = KeyId { sender: self.name, receiver, version: key.version() };
        message::sign::sign(key.mac(), key_id, self.coverage, request, signing, emit)
    }

    fn sign_pairwise(
        &self,
        request: &Request<'_>,
        signing: &Signing<'_>,
        emit: &mut impl FnMut(&'static str, &str),
    ) -> Result<(), SignError> {
        self.check_names(signing.receiver)?;
        let set = self.pair(signing.receiver).ok_or(SignError::NoKey(Scheme::Pairwise))?;
        // The `message` scheme already sends the user id, and verifiers reject a repeated header.
        let sends_user = !self.schemes.contains(&Some(Scheme::Message));
        pairwise::sign(set.primary().mac(), self.name, sends_user, request, signing, emit)
    }

    fn sign_client(
        &self,
        request: &Request<'_>,
        signing: &Signing<'_>,
        emit: &mut impl FnMut(&'static str, &str),
    ) -> Result<(), SignError> {
        let set = self.keys.find(KeyName::Client(self.name)).ok_or_else(|| self.no_client_key())?;
        client::sign(set.primary().mac(), self.name, request, signing, emit)
    }

    #[cold]
    fn no_client_key(&self) -> SignError {
        let named = grammar::is_client_id(self.name.as_bytes());
        if named { SignError::NoKey(Scheme::Client) } else { SignError::Name }
    }

    fn pair(&self, receiver: &str) -> Option<KeySet<'s, HmacSha256>> {
        self.keys.find(KeyName::Pair(self.name, receiver))
    }

    fn check_names(&self, receiver: &str) -> Result<(), SignError> {
        let valid = [self.name, receiver].into_iter().all(|name| grammar::is_service_name(name.as_bytes()));
        if valid { Ok(()) } else { Err(SignError::Name) }
    }
}
