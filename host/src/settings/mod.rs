//! The catalogue of settings: one description of each, for the checks and the documentation of every language.
//!
//! A binding converts a caller's settings to [`Value`]s and calls [`check`] before it builds anything, so a
//! misspelt name, a wrong type or an impossible value fails at construction. This module needs no operating
//! system.

mod catalogue;
pub(crate) mod kind;
mod nearest;
mod table;
mod value;

pub use catalogue::GROUPS;
pub use kind::{Kind, Setting};
pub use table::markdown;
pub use value::Value;

use crate::ConfigError;
use crate::redact::shown;

/// Whose names and units a check or a table uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `snake_case`, durations in seconds.
    Python,
    /// `camelCase`, durations in milliseconds.
    Node,
}

/// A set of settings that one constructor or function takes.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The name by which bindings ask for it.
    pub name: &'static str,
    /// Its settings, in the order of the documentation.
    pub settings: &'static [Setting],
}

/// Checks the settings of `group`, nested ones included. A missing group is an error of the binding and reported as such.
///
/// # Errors
/// [`ConfigError`] names the first setting that is unknown, of another type or out of range, and the fix.
pub fn check(group: &str, language: Language, given: &[(String, Value)]) -> Result<(), ConfigError> {
    check_below("", find(group)?, language, given)
}

/// Whether [`check`] looks at the value of a setting. A binding passes other values, such as secrets, by type name alone.
#[must_use]
pub fn is_checked(group: &str, language: Language, name: &str) -> bool {
    find(group).is_ok_and(|group| {
        let named = |setting: &&Setting| setting.name_in(language) == Some(name);
        group.settings.iter().find(named).is_some_and(|setting| !matches!(setting.kind, Kind::Unchecked(_)))
    })
}

/// The setting of `group` that a name probably stands for, if it is not itself one. For configurations that hold other
/// settings too, where only a name that is nearly one of ours is an error.
#[must_use]
pub fn nearest_to(group: &str, language: Language, name: &str) -> Option<&'static str> {
    let names: Vec<_> =
        find(group).ok()?.settings.iter().filter_map(|setting| setting.name_in(language)).collect();
    if names.contains(&name) { None } else { nearest::nearest(name, &names) }
}

fn find(name: &str) -> Result<&'static Group, ConfigError> {
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
        let setting = group
            .settings
            .iter()
            .find(|setting| setting.name_in(language) == Some(name))
            .ok_or_else(|| unknown(&entry, name, group, language))?;
        check_value(&entry, &setting.kind, language, value)?;
    }
    Ok(())
}

fn check_value(entry: &str, kind: &Kind, language: Language, value: &Value) -> Result<(), ConfigError> {
    match (kind, value) {
        (_, Value::Missing) => Ok(()),
        (Kind::Group(group), Value::Map(given)) => {
            check_below(&format!("{entry}."), find(group)?, language, given)
        }
        (Kind::GroupByName(group), Value::Map(named)) => {
            named.iter().try_for_each(|(name, value)| match value {
                Value::Map(given) => {
                    check_below(&format!("{entry}.{}.", shown(name)), find(group)?, language, given)
                }
                _ => Err(error(&format!("{entry}.{}", shown(name)), "give a mapping of settings".into())),
            })
        }
        _ => kind.check(language, value).map_err(|advice| error(entry, advice)),
    }
}

fn unknown(entry: &str, name: &str, group: &Group, language: Language) -> ConfigError {
    let names: Vec<_> = group.settings.iter().filter_map(|setting| setting.name_in(language)).collect();
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
