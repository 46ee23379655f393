//! A thread-safe signer that owns its data, for the bindings.

use std::sync::Arc;

use sealwire_core::{
    AcceptedSchemes, Coverage, Request, Scheme, SignError, Signer as CoreSigner, Signing, is_client_id,
    is_service_name,
};

use crate::config_error::ConfigError;
use crate::ring::SharedRing;
use crate::settings::kind::field;

/// A signer for one sender, with a shared key ring.
#[derive(Debug)]
pub struct Signer {
    /// The name of the sender, which is a service name or a client id.
    pub name: String,
    /// The key ring that contains the keys of the sender.
    pub ring: Arc<SharedRing>,
    /// The schemes used to sign requests. Each request is signed with all of them.
    pub schemes: AcceptedSchemes,
    /// Whether `message` signatures cover `@authority`.
    pub cover_authority: bool,
    /// The names of the header fields that `message` signatures cover if the request contains them, in lower
    /// case.
    pub cover_fields: Vec<String>,
}

impl Signer {
    /// Validates the signer. `cover` is the name that the binding uses for the setting with the covered
    /// fields. It is used in error messages.
    ///
    /// # Errors
    /// [`ConfigError`] if one of the schemes does not accept the sender name, or if a covered field is invalid.
    pub fn checked(self, cover: &str) -> Result<Self, ConfigError> {
        let valid = |scheme: Scheme| match scheme {
            Scheme::Pairwise => is_service_name(self.name.as_bytes()),
            Scheme::Client => is_client_id(self.name.as_bytes()),
            _ => is_service_name(self.name.as_bytes()) || is_client_id(self.name.as_bytes()),
        };
        if let Some(scheme) = self.schemes.into_iter().flatten().find(|scheme| !valid(*scheme)) {
            return Err(ConfigError {
                entry: "name".into(),
                advice: format!(
                    "pass the name of a service or client that {scheme} accepts: a service has 1 to 64 of A-Z a-z 0-9 _ -"
                ),
            });
        }
        for name in &self.cover_fields {
            field(name).map_err(|advice| ConfigError { entry: cover.into(), advice })?;
        }
        Ok(self)
    }

    /// Signs a request, and calls `emit` with the name and value of each signature header.
    ///
    /// # Errors
    /// [`SignError`] if the request cannot be signed. The error message describes the problem and a solution.
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
