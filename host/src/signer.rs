//! A signer that owns its data, for the bindings. Thread-safe.

use std::sync::Arc;

use sealwire_core::{
    AcceptedSchemes, Coverage, Request, Scheme, SignError, Signer as CoreSigner, Signing, is_client_id,
    is_service_name,
};

use crate::config_error::ConfigError;
use crate::ring::SharedRing;
use crate::settings::kind::component;

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
    /// Checks the parts of a signer. `cover` is the name of the setting for covered fields in the caller's language.
    ///
    /// # Errors
    /// [`ConfigError`] for a name that no scheme accepts, and for a covered field that is no component.
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
            component(name).map_err(|advice| ConfigError { entry: cover.into(), advice })?;
        }
        Ok(self)
    }

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
