//! Values of settings, as converted by a binding.

/// A value in a form common to all languages. It never contains a secret: bindings pass secrets and key
/// material as [`Value::Object`] with only the type name.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None` or `undefined`. The default is used.
    Missing,
    /// A Boolean.
    Flag(bool),
    /// An integer.
    Integer(i64),
    /// A floating-point number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list, tuple or set.
    List(Vec<Value>),
    /// A mapping with string keys.
    Map(Vec<(String, Value)>),
    /// Any other object.
    Object {
        /// The name of the class.
        class: String,
        /// The methods of the object, of those in [`Value::METHODS`].
        methods: Vec<String>,
    },
    /// A class instead of an instance.
    Class(String),
}

impl Value {
    /// The class of functions.
    pub const FUNCTION: &'static str = "function";
    /// The method names that a binding checks on an object.
    pub const METHODS: [&'static str; 5] = ["claim", "accepted", "rejected", "info", "warn"];

    /// Describes the type of the value for an error message. Strings are not shown, because they could be
    /// secrets.
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
