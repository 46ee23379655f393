//! Mode files. A mode file contains the modes of a service. The service reloads the file when it changes. The
//! file can also contain keys, but the modes are read and changed independently of the keys, so that an
//! invalid key cannot prevent a rollback.

use zeroize::Zeroizing;

use crate::key_file::{Contents, Editable, Format, SECTIONS, Tree, error, parse, refuse_unknown};
use crate::{ConfigError, ModesConfig, is_enabled};

const MODE: &str = "mode";
const SENDERS: &str = "senders";
const OBSERVE_ONLY: &str = "observeOnly";
/// The variable in a `.env` file that can disable enforcement.
pub const ENABLED_VARIABLE: &str = "HMAC_AUTH_ENABLED";

/// Parses the modes in a file. `otherwise` provides the values of settings that are missing in the file.
///
/// # Errors
/// [`ConfigError`] with the file name and the name of the invalid setting.
pub fn read(
    file: &str,
    text: &str,
    format: Format,
    otherwise: ModesConfig,
) -> Result<ModesConfig, ConfigError> {
    let modes = match parse(file, text, format)? {
        Contents::Variables(lines) => {
            let enabled = is_enabled(lines.get(ENABLED_VARIABLE)).map_err(|cause| within(file, &cause))?;
            ModesConfig { observe_only: !enabled, ..otherwise }
        }
        Contents::Table(tree) => of_tree(file, &tree, otherwise)?,
    };
    modes.clone().into_modes().map_err(|cause| within(file, &cause))?;
    Ok(modes)
}

/// A change to a mode file.
#[derive(Clone, Copy, Debug)]
pub enum ModeChange<'c> {
    /// Sets the mode of the service.
    Service(&'c str),
    /// Sets the mode for a sender. The values are the name of the sender and the mode.
    Sender(&'c str, &'c str),
    /// Removes the mode for a sender, so that the mode of the service applies to it.
    Remove(&'c str),
    /// With `true`, the mode `observe` is used wherever the configured mode is `enforce`. With `false`, the
    /// configured modes apply again.
    ObserveOnly(bool),
}

/// Applies a change to the text of a file and returns the new text. The rest of the text is preserved.
///
/// # Errors
/// [`ConfigError`] if the format does not support the change, or if the resulting modes are invalid.
pub fn change(
    file: &str,
    text: &str,
    format: Format,
    change: ModeChange<'_>,
) -> Result<Zeroizing<String>, ConfigError> {
    let changed = match (parse(file, text, format)?, change) {
        (Contents::Variables(mut lines), ModeChange::ObserveOnly(on)) => {
            lines.set(ENABLED_VARIABLE, if on { "false" } else { "true" }, None);
            lines.text()
        }
        (Contents::Variables(_), _) => {
            let advice = ".env files support only --rollback and --resume; use a TOML or JSON file for modes";
            return Err(error(file, advice));
        }
        (Contents::Table(tree), change) => {
            let (mut document, _) = Editable::open(file, text, format)?;
            apply(file, &tree, &mut document, change)?;
            document.text()
        }
    };
    read(file, &changed, format, ModesConfig::default())?;
    Ok(changed)
}

fn apply(
    file: &str,
    tree: &Tree,
    document: &mut Editable,
    change: ModeChange<'_>,
) -> Result<(), ConfigError> {
    match change {
        ModeChange::Service(mode) => document.set(&[], MODE, &Tree::text(mode)),
        ModeChange::Sender(sender, mode) => document.set(&[SENDERS], sender, &Tree::text(mode)),
        ModeChange::Remove(sender) => {
            if tree.get(SENDERS).and_then(|senders| senders.get(sender)).is_none() {
                let advice = format!("has no mode for the sender {}", crate::redact::shown(sender));
                return Err(error(file, &advice));
            }
            document.remove(&[SENDERS], sender);
        }
        ModeChange::ObserveOnly(true) => document.set(&[], OBSERVE_ONLY, &Tree::Bool(true)),
        ModeChange::ObserveOnly(false) => document.remove(&[], OBSERVE_ONLY),
    }
    Ok(())
}

fn of_tree(file: &str, tree: &Tree, otherwise: ModesConfig) -> Result<ModesConfig, ConfigError> {
    refuse_unknown(file, tree, &SECTIONS)?;
    let mut modes = otherwise;
    if let Some(mode) = tree.get(MODE) {
        modes.mode = Some(word(file, MODE, mode)?);
    }
    if let Some(senders) = tree.get(SENDERS) {
        let senders = senders.as_table().ok_or_else(|| error(file, "senders must be a table"))?;
        let own = senders.iter().map(|(name, mode)| {
            let entry = format!("{SENDERS}.{}", crate::redact::shown(name));
            Ok((name.clone(), word(file, &entry, mode)?))
        });
        modes.senders = own.collect::<Result<_, ConfigError>>()?;
    }
    modes.observe_only = match tree.get(OBSERVE_ONLY) {
        None => modes.observe_only,
        Some(value) => {
            value.as_bool().ok_or_else(|| error(file, &format!("{OBSERVE_ONLY}: write true or false")))?
        }
    };
    Ok(modes)
}

fn word(file: &str, entry: &str, value: &Tree) -> Result<String, ConfigError> {
    let text = value.as_text().map(ToOwned::to_owned);
    text.ok_or_else(|| error(file, &format!("{entry}: write the mode as a string, such as \"observe\"")))
}

fn within(file: &str, cause: &ConfigError) -> ConfigError {
    error(file, &cause.to_string())
}
