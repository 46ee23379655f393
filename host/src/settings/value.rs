//! The values of settings, in the form to which bindings convert them.

/// A value of a setting, in a form common to all languages. It never contains a secret. Instead of a secret,
/// bindings pass a [`Value::Object`] that contains only the type name.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None` or `undefined`. The default of the setting is used.
    Missing,
    /// A Boolean.
    Flag(bool),
    /// An integer.
    Integer(i64),
    /// A floating-point number.
    Number(f64),
    /// A string.
    Text(String),
    /// A list, tuple or set.
    List(Vec<Value>),
    /// A mapping with string keys.
    Map(Vec<(String, Value)>),
    /// Any other object.
    Object {
        /// The class name of the object.
        class: String,
        /// The methods in [`Value::METHODS`] that the object has.
        methods: Vec<String>,
    },
    /// A class instead of an instance.
    Class(String),
}

impl Value {
    /// The class name of functions.
    pub const FUNCTION: &'static str = "function";
    /// The names of the methods that a binding looks for in an object.
    pub const METHODS: [&'static str; 5] = ["claim", "accepted", "rejected", "info", "warn"];

    /// Describes the type of the value for an error message. The contents of a string are omitted, because
    /// they could be a secret.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Missing => "nothing".into(),
            Self::Flag(value) => format!("{value}"),
            Self::Integer(value) => format!("{value}"),
            Self::Number(value) => decimal(*value),
            Self::Text(_) => "a string".into(),
            Self::List(_) => "a list".into(),
            Self::Map(_) => "a mapping".into(),
            Self::Object { class, .. } => format!("an object of type {class}"),
            Self::Class(name) => format!("the class {name}"),
        }
    }
}

/// Formats a number with at most six decimal places. The exact conversion in the standard library would add 8
/// KB to the WebAssembly module.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "both numbers are between 0 and 10^18"
)]
pub(crate) fn decimal(number: f64) -> String {
    const MILLION: u64 = 1_000_000;
    const LARGEST: f64 = 1e18;
    let sign = if number < 0.0 { "-" } else { "" };
    let size = number.abs();
    if size.is_nan() {
        return "NaN".into();
    }
    if size.is_infinite() {
        return format!("{sign}inf");
    }
    if size > LARGEST {
        return format!("a number beyond {sign}10^18");
    }
    let millionths = (size.fract() * 1e6 + 0.5) as u64;
    let (whole, fraction) = (size as u64 + millionths / MILLION, millionths % MILLION);
    match (whole, fraction) {
        (0, 0) if size > 0.0 => "almost 0".into(),
        (_, 0) => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{}", format!("{fraction:06}").trim_end_matches('0')),
    }
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn numbers_are_shown_with_up_to_six_decimals() {
        for (number, shown) in [
            (0.5, "0.5"),
            (-1.5, "-1.5"),
            (0.1 + 0.2, "0.3"),
            (7.0, "7"),
            (0.0, "0"),
            (1e-9, "almost 0"),
            (0.000_001, "0.000001"),
            (1.999_999_9, "2"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (1_795_985_950_227.5, "1795985950227.5"),
            (1_795_985_950_227_000.0, "1795985950227000"),
            (1e300, "a number beyond 10^18"),
            (-1e300, "a number beyond -10^18"),
        ] {
            assert_eq!(decimal(number), shown);
        }
    }
}
