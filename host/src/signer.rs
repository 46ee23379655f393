//! A thread-safe signer that owns its data, for the bindings.

use std::sync::Arc;

use sealwire_core::{
    AcceptedSchemes, Coverage, Request, Scheme, SignError, Signer as CoreSigner, Signing, is_client_id,
    is_service_name,
};

use crate::config_error::ConfigError;
use crate::ring::SharedRing;
use crate::settings::kind::field;

/// A signer with a name, a shared key ring and schemes.
#[derive(Debug)]
pub struct Signer {
    /// The sender: a service name or a client id.
    pub name: String,
    /// The key ring.
    pub ring: Arc<SharedRing>,
    /// The schemes. Each request is signed in all of them.
    pub schemes: AcceptedSchemes,
    /// Whether `message` signatures cover `@authority`.
    pub cover_authority: bool,
    /// Header fields, in lower case, that `message` signatures cover if the request has them.
    pub cover_fields: Vec<String>,
}

impl Signer {
    /// Validates the signer. `cover` is the name of the setting for covered fields in the caller's language.
    ///
    /// # Errors
    /// [`ConfigError`] for a name that is invalid in all schemes, or for an invalid covered field.
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
                    "give the name of a service or client that {scheme} accepts: a service has 1 to 64 of A-Z a-z 0-9 _ -"
                ),
            });
        }
        for name in &self.cover_fields {
            field(name).map_err(|advice| ConfigError { entry: cover.into(), advice })?;
        }
        Ok(self)
    }

    /// Signs a request and passes each header, a name and a value, to `emit`.
    ///
    /// # Errors
    /// [`SignError`] with the problem and its solution.
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
