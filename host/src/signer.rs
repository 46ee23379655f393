//! A signer that owns its data, for the bindings. Thread-safe.

use std::sync::Arc;

use sealwire_core::{AcceptedSchemes, Coverage, Request, SignError, Signer as CoreSigner, Signing};

use crate::SharedRing;

/// A name, a shared key ring and the schemes to sign in.
#[derive(Debug)]
pub struct Signer {
    /// The sender: a service name or a client id.
    pub name: String,
    /// The keys.
    pub ring: Arc<SharedRing>,
    /// The schemes, all of which sign each request.
    pub schemes: AcceptedSchemes,
    /// Whether `message` signatures cover `@authority`.
    pub cover_authority: bool,
    /// Header fields `message` signatures cover when they are sent, in lower case.
    pub cover_fields: Vec<String>,
}

impl Signer {
    /// Signs a request and hands each header to `emit`, a name and a value.
    ///
    /// # Errors
    /// [`SignError`] with the problem and the remedy.
    pub fn sign(
        &self,
        request: &Request<'_>,
        signing: &Signing<'_>,
        emit: impl FnMut(&'static str, &str),
    ) -> Result<(), SignError> {
        let ring = self.ring.load();
        let fields: Vec<&str> = self.cover_fields.iter().map(String::as_str).collect();
        let coverage = Coverage { authority: self.cover_authority, fields: &fields };
        let signer = CoreSigner { name: &self.name, keys: &**ring, schemes: self.schemes, coverage };
        signer.sign(request, signing, emit)
    }
}
