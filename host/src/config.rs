//! The configuration of a verifier, and its validation. All bindings use this module.

use std::sync::Arc;

use sealwire_core::{
    AcceptedSchemes, Authorities, Authority, MAX_POLICY_TEXT_BYTES, Modes, Policy, SCHEME_BYTES, Scheme,
    SenderPolicy, Text, WHOLE_PPM, Window, is_service_name,
};

use crate::config_error::{ConfigError, distinct_senders, error, sender_name, text};
use crate::modes::{ModesConfig, SharedModes};
use crate::settings::kind;

/// The settings of a verifier. `sealwire-core` defines the defaults of omitted settings.
#[derive(Clone, Debug, Default)]
pub struct VerifierConfig {
    /// The name of this service. It may be empty if `client` is the only accepted scheme.
    pub service: String,
    /// The names of the accepted schemes in order of preference. If the list is empty, only `message` is
    /// accepted.
    pub schemes: Vec<String>,
    /// The mode: `off`, `observe` or `enforce`.
    pub mode: Option<String>,
    /// Modes that can be replaced at run time. They take precedence over `mode` and over the modes in
    /// `senders`.
    pub modes: Option<Arc<SharedModes>>,
    /// Whether `observe` is used wherever the configured mode is `enforce`, including for individual senders.
    /// `HMAC_AUTH_ENABLED=false`, which is meant for rollbacks, sets this field.
    pub observe_only: bool,
    /// The maximum age of a timestamp in milliseconds. It applies to all accepted schemes.
    pub past_ms: Option<u64>,
    /// The maximum time that a timestamp may be ahead of the verifier's clock, in milliseconds. It applies to
    /// all accepted schemes.
    pub future_ms: Option<u64>,
    /// The maximum size of a request body in bytes.
    pub max_body_bytes: Option<u64>,
    /// Whether the verified identity of a `pairwise` request contains the user id, although the user id is
    /// not signed.
    pub trust_unsigned_user_id: bool,
    /// Whether replay protection uses the signature of a `pairwise` request as its nonce.
    pub claim_pairwise: bool,
    /// Whether `message` signatures may omit `@authority`.
    pub ignore_authority: bool,
    /// Header fields that must be signed if the request contains them.
    pub require_fields: Vec<String>,
    /// Whether senders without an entry in `senders` are rejected.
    pub listed_senders_only: bool,
    /// The rules for individual senders.
    pub senders: Vec<SenderConfig>,
    /// Whether a verifier without a replay store accepts requests with a nonce. Attackers can replay these
    /// requests.
    pub accept_replays: bool,
    /// The maximum fraction of the replay table that one sender may use, greater than 0 and at most 1.
    pub max_sender_share: Option<f64>,
    /// The paths that do not require a signature. An entry that ends with `*` is a path prefix.
    pub exempt_paths: Vec<String>,
    /// The authorities of this service. An entry is a host with an optional port and scheme, such as
    /// `https://api.test`. If the only entry is `any`, all authorities are accepted.
    pub authorities: Vec<String>,
    /// The URL scheme that senders use, `https` or `http`. It must be set if a proxy terminates TLS. The
    /// default is the scheme reported by the server.
    pub scheme: Option<String>,
    /// The path at which the application is mounted. It is empty if the application is not mounted.
    pub root_path: String,
}

/// The rules for one sender.
#[derive(Clone, Debug, Default)]
pub struct SenderConfig {
    /// The name of the sender.
    pub name: String,
    /// The mode for this sender. It overrides the mode of the service.
    pub mode: Option<String>,
    /// The allowed methods. If the list is empty, all methods are allowed.
    pub methods: Vec<String>,
    /// The allowed path prefixes. A prefix allows the path equal to it and all paths below it. If the list is
    /// empty, all paths are allowed.
    pub path_prefixes: Vec<String>,
}

impl VerifierConfig {
    /// Converts the settings to a policy.
    ///
    /// # Errors
    /// [`ConfigError`] for the first invalid setting.
    pub fn into_policy(self) -> Result<Policy, ConfigError> {
        self.into_parts().map(|(policy, _)| policy)
    }

    /// Converts the settings to a policy and to shared modes. The shared modes can be replaced at run time.
    /// They take precedence over the modes in the policy.
    ///
    /// # Errors
    /// [`ConfigError`] for the first invalid setting.
    pub fn into_parts(self) -> Result<(Policy, Arc<SharedModes>), ConfigError> {
        let schemes = schemes("schemes", &self.schemes)?;
        let service = text("service", &self.service, "use at most 64 characters")?;
        if !self.service.is_empty() && !is_service_name(self.service.as_bytes()) {
            return Err(error("service", "pass 1 to 64 of A-Z a-z 0-9 _ -"));
        }
        let named = schemes.into_iter().flatten().any(|scheme| scheme != Scheme::Client);
        if named && self.service.is_empty() {
            return Err(error(
                "service",
                "set the name of this service: message and pairwise signatures contain the receiver",
            ));
        }
        self.check_effects(&schemes)?;
        let mut policy = Policy { schemes, ..Policy::new(service) };
        let modes = self.modes()?;
        policy.modes = Modes::clone(&modes.load());
        for window in [&mut policy.message_window, &mut policy.pairwise_window, &mut policy.client_window] {
            *window = self.window(*window)?;
        }
        policy.max_body_bytes = self.max_body_bytes.unwrap_or(policy.max_body_bytes);
        policy.trust_unsigned_user_id = self.trust_unsigned_user_id;
        policy.claim_pairwise = self.claim_pairwise;
        policy.require_authority = !self.ignore_authority;
        policy.listed_senders_only = self.listed_senders_only;
        policy.max_sender_share_ppm =
            self.max_sender_share.map_or(Ok(policy.max_sender_share_ppm), share_in_ppm)?;
        policy.require_fields =
            self.require_fields.iter().map(|name| field(name)).collect::<Result<_, _>>()?;
        policy.exempt_paths =
            self.exempt_paths.iter().map(|path| path_text("exempt_paths", path)).collect::<Result<_, _>>()?;
        distinct_senders(self.senders.iter().map(|sender| sender.name.as_str()))?;
        policy.senders = self.senders.iter().map(SenderConfig::policy).collect::<Result<_, _>>()?;
        policy.authorities = authorities(&self.authorities)?;
        if self.ignore_authority && !self.authorities.is_empty() {
            return Err(error(
                "authorities",
                "remove it, or remove ignore_authority: an authority that is not signed cannot be compared",
            ));
        }
        policy.scheme =
            self.scheme.as_deref().map_or(Ok(Text::EMPTY), |scheme| url_scheme("scheme", scheme))?;
        policy.root_path = root_path(&self.root_path)?;
        Ok((policy, modes))
    }

    /// Rejects settings that cannot have the intended effect with the accepted schemes and the senders.
    fn check_effects(&self, schemes: &AcceptedSchemes) -> Result<(), ConfigError> {
        if !self.require_fields.is_empty() && !schemes.contains(&Some(Scheme::Message)) {
            let advice = "has no effect, because only message signatures cover fields; accept message in schemes, or remove it";
            return Err(error("require_fields", advice));
        }
        if self.listed_senders_only && self.senders.is_empty() {
            let advice = "rejects every request, because senders is empty; list the senders, or remove it";
            return Err(error("listed_senders_only", advice));
        }
        Ok(())
    }

    fn modes(&self) -> Result<Arc<SharedModes>, ConfigError> {
        let own = |sender: &SenderConfig| Some((sender.name.clone(), sender.mode.clone()?));
        let senders: Vec<_> = self.senders.iter().filter_map(own).collect();
        let modes = match &self.modes {
            Some(_) if self.mode.is_some() || !senders.is_empty() => {
                return Err(error("modes", "set all modes in modes, or in mode and senders, not in both"));
            }
            Some(modes) => modes.clone(),
            None => {
                let config = ModesConfig { mode: self.mode.clone(), senders, ..ModesConfig::default() };
                SharedModes::new(config.into_modes()?)
            }
        };
        if self.observe_only {
            modes.observe_only();
        }
        Ok(modes)
    }

    fn window(&self, default: Window) -> Result<Window, ConfigError> {
        let window = Window {
            past_ms: self.past_ms.unwrap_or(default.past_ms),
            future_ms: self.future_ms.unwrap_or(default.future_ms),
        };
        let longest_ms = sealwire_core::replay::MAX_LIFETIME_SECONDS.saturating_mul(1000);
        if window.past_ms.saturating_add(window.future_ms) >= longest_ms {
            return Err(error("window", "shorten it: nonces are stored for at most 48 days"));
        }
        Ok(window)
    }
}

fn share_in_ppm(share: f64) -> Result<u32, ConfigError> {
    if !(share > 0.0 && share <= 1.0) {
        return Err(error("max_sender_share", "pass a number above 0 and up to 1; 1 is no limit"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the share is between 0 and 1, so the product is between 0 and one million"
    )]
    Ok(((share * f64::from(WHOLE_PPM)).round() as u32).max(1))
}

impl SenderConfig {
    fn policy(&self) -> Result<SenderPolicy, ConfigError> {
        let entry = format!("senders.{}", self.name);
        let method = |method: &String| {
            text(&entry, &method.to_ascii_uppercase(), "a method has at most 32 characters")
        };
        Ok(SenderPolicy {
            name: sender_name(&entry, &self.name)?,
            methods: self.methods.iter().map(method).collect::<Result<_, _>>()?,
            path_prefixes: self
                .path_prefixes
                .iter()
                .map(|path| path_text(&entry, path))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// Parses `HMAC_AUTH_ENABLED`. An unset variable means enabled.
///
/// # Errors
/// [`ConfigError`] for a value that is neither true nor false. Ignoring a misspelt value would disable this
/// emergency switch.
pub fn is_enabled(value: Option<&str>) -> Result<bool, ConfigError> {
    match value.map(|value| value.trim().to_ascii_lowercase()).as_deref() {
        None | Some("" | "true" | "1" | "yes" | "on") => Ok(true),
        Some("false" | "0" | "no" | "off") => Ok(false),
        Some(other) => Err(error("HMAC_AUTH_ENABLED", &format!("{other:?} is neither true nor false"))),
    }
}

/// Parses a list of scheme names. For an empty list, only `message` is accepted.
///
/// # Errors
/// [`ConfigError`] for an unknown or repeated name.
pub fn schemes(entry: &str, names: &[String]) -> Result<AcceptedSchemes, ConfigError> {
    let mut accepted = [None; Scheme::ALL.len()];
    if names.is_empty() {
        accepted = [Some(Scheme::Message), None, None];
    }
    for (place, name) in names.iter().enumerate() {
        let scheme = Scheme::from_name(name).ok_or_else(|| {
            error(entry, &format!("{:?} is not one of message, pairwise, client", crate::redact::shown(name)))
        })?;
        match accepted.get_mut(place) {
            Some(free) if !names.iter().take(place).any(|earlier| earlier == name) => *free = Some(scheme),
            _ => return Err(error(entry, &format!("{name:?} is given twice"))),
        }
    }
    Ok(accepted)
}

fn field(name: &str) -> Result<Text<MAX_POLICY_TEXT_BYTES>, ConfigError> {
    kind::field(name).map_err(|advice| error("require_fields", &advice))?;
    text("require_fields", &name.to_ascii_lowercase(), "a header name has at most 256 characters")
}

fn path_text(entry: &str, path: &str) -> Result<Text<MAX_POLICY_TEXT_BYTES>, ConfigError> {
    kind::path(path, entry == "exempt_paths").map_err(|advice| error(entry, &advice))?;
    text(entry, path, "a path has at most 256 characters")
}

fn root_path(path: &str) -> Result<Text<MAX_POLICY_TEXT_BYTES>, ConfigError> {
    match path.trim_end_matches('/') {
        "" => Ok(Text::EMPTY),
        root if root.ends_with('*') => Err(error("root_path", "a root path has no pattern; remove the *")),
        root => {
            kind::root(root).map_err(|advice| error("root_path", &advice))?;
            text("root_path", root, "a path has at most 256 characters")
        }
    }
}

/// Parses the setting `authorities`.
fn authorities(names: &[String]) -> Result<Authorities, ConfigError> {
    match names {
        [] => Ok(Authorities::Unset),
        [one] if one == "any" => Ok(Authorities::Any),
        listed => {
            Ok(Authorities::Listed(listed.iter().map(|name| authority(name)).collect::<Result<_, _>>()?))
        }
    }
}

fn authority(name: &str) -> Result<Authority, ConfigError> {
    let (scheme, host) = name.split_once("://").unwrap_or(("", name));
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:[]%".contains(&byte);
    if host.is_empty() || host == "any" || host.starts_with(':') || !host.bytes().all(is_host) {
        let advice = format!(
            "{name:?} is not a host; write for example \"api.test\" or \"https://api.test:8443\", or \"any\" alone"
        );
        return Err(error("authorities", &advice));
    }
    let scheme = if scheme.is_empty() && !name.contains("://") {
        Ok(Text::EMPTY)
    } else {
        url_scheme("authorities", scheme)
    };
    Ok(Authority { scheme: scheme?, host: text("authorities", host, "a host has at most 256 characters")? })
}

fn url_scheme(entry: &str, scheme: &str) -> Result<Text<SCHEME_BYTES>, ConfigError> {
    let lower = scheme.to_ascii_lowercase();
    if !matches!(&*lower, "https" | "http") {
        return Err(error(entry, &format!("{scheme:?} is neither https nor http")));
    }
    text(entry, &lower, "write https or http")
}
