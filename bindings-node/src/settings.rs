//! Validates options against the settings catalogue.

use napi_derive::napi;
use sealwire_host::settings::{Language, Value, check, is_checked, nearest_to};

use crate::error::{Code, Result};

/// A description of a JavaScript value. In addition to `name`, only the field for the value's type is set. If
/// the value is missing, no other field is set.
#[napi(object, object_to_js = false)]
pub struct Described {
    /// The name of the option. It is empty for an entry of an array.
    pub name: String,
    /// The value, if it is a Boolean.
    pub flag: Option<bool>,
    /// The value, if it is a number.
    pub number: Option<f64>,
    /// The value, if it is a string.
    pub text: Option<String>,
    /// The entries, if the value is an array.
    pub list: Option<Vec<Described>>,
    /// The properties, if the value is a plain object.
    pub map: Option<Vec<Described>>,
    /// The name of the class, if the value is any other object.
    pub class: Option<String>,
    /// The methods of such an object, limited to those that `settingMethods` returns.
    pub methods: Option<Vec<String>>,
}

/// Validates the options of `group`. Throws an error for the first option that is unknown, has the wrong type
/// or is out of range.
#[napi(catch_unwind)]
pub fn check_settings(group: String, options: Vec<Described>) -> Result<()> {
    let given: Vec<_> = options.into_iter().map(named).collect();
    check(&group, Language::Node, &given).map_err(|error| Code::Config.error(error))
}

/// Returns `true` if the validation needs the value of an option. For other options, such as secrets, the
/// caller passes only the type of the value.
#[napi(catch_unwind)]
pub fn is_checked_setting(group: String, name: String) -> bool {
    is_checked(&group, Language::Node, &name)
}

/// Returns the name in the settings group that is most similar to `name`, if `name` is not itself a setting.
#[napi(catch_unwind)]
pub fn nearest_setting(group: String, name: String) -> Option<&'static str> {
    nearest_to(&group, Language::Node, &name)
}

/// Returns the method names that `Described.methods` can contain.
#[napi(catch_unwind)]
pub fn setting_methods() -> Vec<&'static str> {
    Value::METHODS.to_vec()
}

fn named(described: Described) -> (String, Value) {
    (described.name.clone(), value(described))
}

fn value(described: Described) -> Value {
    if let Some(flag) = described.flag {
        Value::Flag(flag)
    } else if let Some(number) = described.number {
        numeric(number)
    } else if let Some(text) = described.text {
        Value::Text(text)
    } else if let Some(list) = described.list {
        Value::List(list.into_iter().map(value).collect())
    } else if let Some(map) = described.map {
        Value::Map(map.into_iter().map(named).collect())
    } else if let Some(class) = described.class {
        Value::Object { class, methods: described.methods.unwrap_or_default() }
    } else {
        Value::Missing
    }
}

/// `Number.MAX_SAFE_INTEGER`, which is 2^53 - 1.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

#[expect(clippy::cast_possible_truncation, reason = "a whole number of at most 53 bits")]
fn numeric(number: f64) -> Value {
    let whole = number.fract() == 0.0 && number.abs() <= MAX_SAFE;
    if whole { Value::Integer(number as i64) } else { Value::Number(number) }
}
