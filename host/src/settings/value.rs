//! A setting's value as a binding reports it.

/// A value in the terms that all languages share. Holds no secret: bindings pass secrets and key material as
/// [`Value::Object`], by type name alone.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None`, `undefined`: the default applies.
    Missing,
    /// A Boolean.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Number(f64),
    /// Text.
    Text(String),
    /// A list, tuple or set.
    List(Vec<Value>),
    /// A mapping with text keys.
    Map(Vec<(String, Value)>),
    /// Any other object.
    Object {
        /// The name of its class.
        class: String,
        /// The methods it has, of those that some setting asks for.
        methods: Vec<String>,
    },
    /// A class where an instance is expected.
    Class(String),
}

impl Value {
    /// Names of methods that a binding looks for on an object.
    pub const METHODS: [&'static str; 5] = ["claim", "accepted", "rejected", "info", "warn"];

    /// Describes the value for an error message, without its text, because it could be a secret.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Missing => "nothing".into(),
            Self::Flag(value) => format!("{value}"),
            Self::Integer(value) => format!("{value}"),
            Self::Number(value) => format!("{value}"),
            Self::Text(_) => "a string".into(),
            Self::List(_) => "a list".into(),
            Self::Map(_) => "a mapping".into(),
            Self::Object { class, .. } => format!("an object of type {class}"),
            Self::Class(name) => format!("the class {name}"),
        }
    }
}
