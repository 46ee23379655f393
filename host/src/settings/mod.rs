//! The catalogue of settings. It is used to validate and document the settings in all languages.
//!
//! Before a binding creates an object, it converts the settings to [`Value`]s and calls [`check`], so that
//! misspelt names, wrong types and invalid values are reported at construction.

mod catalogue;
mod default;
pub(crate) mod kind;
pub(crate) mod nearest;
mod table;
mod value;

pub use catalogue::GROUPS;
pub use default::DefaultValue;
pub use kind::{Kind, Setting, Shape};
pub use table::markdown;
pub use value::Value;
pub(crate) use value::decimal;

use crate::ConfigError;
use crate::redact::shown;

/// The language of a binding, which determines the names and units of settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Python. Names are in `snake_case`, and durations are in seconds.
    Python,
    /// Node.js. Names are in `camelCase`, and durations are in milliseconds.
    Node,
}

/// A group of settings accepted by a constructor or function.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The name of the group.
    pub name: &'static str,
    /// The settings, in the order used in the documentation. Several groups can contain the same part.
    pub parts: &'static [&'static [Setting]],
}

impl Group {
    /// Returns the names and settings that exist in a language.
    pub fn settings(&self, language: Language) -> impl Iterator<Item = (&'static str, &'static Setting)> {
        let all = self.parts.iter().flat_map(|part| part.iter());
        all.filter_map(move |setting| Some((setting.name_in(language)?, setting)))
    }

    /// Returns the setting with this name in a language.
    fn setting(&self, language: Language, name: &str) -> Option<&'static Setting> {
        self.settings(language).find(|(known, _)| *known == name).map(|(_, setting)| setting)
    }

    /// Returns the names of all settings that exist in a language.
    fn names(&self, language: Language) -> Vec<&'static str> {
        self.settings(language).map(|(name, _)| name).collect()
    }
}

/// Validates the settings in `group`, including nested settings.
///
/// # Errors
/// [`ConfigError`] for the first setting that is unknown, missing, of the wrong type or out of range, and for
/// an unknown group. The message describes the fix.
pub fn check(group: &str, language: Language, given: &[(String, Value)]) -> Result<(), ConfigError> {
    check_below("", find(group)?, language, given)
}

/// Returns `true` if [`check`] validates the value of the setting. For all other settings, such as secrets,
/// bindings pass only the type name to [`check`].
#[must_use]
pub fn is_checked(group: &str, language: Language, name: &str) -> bool {
    let setting = find(group).ok().and_then(|group| group.setting(language, name));
    setting.is_some_and(|setting| !matches!(setting.kind, Kind::Opaque(..)))
}

/// Returns the most similar setting name in `group` if `name` is not a setting. See [`check_open`].
#[must_use]
pub fn nearest_to(group: &str, language: Language, name: &str) -> Option<&'static str> {
    let names = find(group).ok()?.names(language);
    if names.contains(&name) { None } else { nearest::nearest(name, &names) }
}

/// Validates the names in a configuration that also contains settings of other software. A name is an error
/// only if it is similar to the name of a setting in `group`.
///
/// # Errors
/// [`ConfigError`] for the first name that is similar to the name of a setting, unless the configuration also
/// contains that setting.
pub fn check_open(group: &str, language: Language, names: &[String]) -> Result<(), ConfigError> {
    for name in names {
        if let Some(near) = nearest_to(group, language, name)
            && !names.iter().any(|name| name == near)
        {
            return Err(error(&shown(name), format!("no such setting; did you mean {near}?")));
        }
    }
    Ok(())
}

/// Returns the group with this name.
///
/// # Errors
/// [`ConfigError`] if there is no group with this name.
pub fn find(name: &str) -> Result<&'static Group, ConfigError> {
    GROUPS
        .iter()
        .find(|group| group.name == name)
        .ok_or_else(|| error(name, "the catalogue has no such group of settings".into()))
}

fn check_below(
    path: &str,
    group: &Group,
    language: Language,
    given: &[(String, Value)],
) -> Result<(), ConfigError> {
    for (name, value) in given {
        let entry = format!("{path}{}", shown(name));
        let setting = group.setting(language, name).ok_or_else(|| unknown(&entry, name, group, language))?;
        if *value == Value::Missing && setting.default == DefaultValue::Required {
            return Err(error(&entry, format!("pass {}", setting.kind.expected(language))));
        }
        check_value(&entry, &setting.kind, language, value)?;
    }
    require_all(path, group, language, given)
}

fn require_all(
    path: &str,
    group: &Group,
    language: Language,
    given: &[(String, Value)],
) -> Result<(), ConfigError> {
    for (name, setting) in group.settings(language) {
        if setting.default == DefaultValue::Required && !given.iter().any(|(given, _)| given == name) {
            return Err(error(&format!("{path}{name}"), format!("pass {}", setting.kind.expected(language))));
        }
    }
    Ok(())
}

fn check_value(entry: &str, kind: &Kind, language: Language, value: &Value) -> Result<(), ConfigError> {
    match (kind, value) {
        (_, Value::Missing) => Ok(()),
        (Kind::Group(group), Value::Map(given)) => {
            check_below(&format!("{entry}."), find(group)?, language, given)
        }
        (Kind::ChoiceByName(words), Value::Map(named)) => named.iter().try_for_each(|(name, value)| {
            let advice = |advice| error(&format!("{entry}.{}", shown(name)), advice);
            Kind::Choice(words).check(language, value).map_err(advice)
        }),
        (Kind::GroupByName(group), Value::Map(named)) => {
            named.iter().try_for_each(|(name, value)| match value {
                Value::Map(given) => {
                    check_below(&format!("{entry}.{}.", shown(name)), find(group)?, language, given)
                }
                _ => Err(error(&format!("{entry}.{}", shown(name)), "pass a mapping of settings".into())),
            })
        }
        _ => kind.check(language, value).map_err(|advice| error(entry, advice)),
    }
}

fn unknown(entry: &str, name: &str, group: &Group, language: Language) -> ConfigError {
    let names = group.names(language);
    let advice = match nearest::nearest(name, &names) {
        Some(near) => format!("no such setting; did you mean {near}?"),
        None => format!("no such setting; the settings are {}", names.join(", ")),
    };
    error(entry, advice)
}

fn error(entry: &str, advice: String) -> ConfigError {
    ConfigError { entry: entry.into(), advice }
}

#[cfg(test)]
mod tests;
