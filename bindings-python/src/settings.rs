//! Validates keyword arguments against the catalogue of settings in the host crate.

use pyo3::conversion::FromPyObjectOwned;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyBytes, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PyMapping, PySet, PyString, PyTuple, PyType,
};
use sealwire_host::settings::{DefaultValue, Language, Value, check, check_open, find, is_checked};

use crate::errors;

/// Validates settings against one group of the settings catalogue. Raises `ConfigError` with the name of
/// the setting and the required fix.
#[pyfunction]
#[pyo3(signature = (group, settings, language="python"))]
pub(crate) fn check_settings(
    py: Python<'_>,
    group: &str,
    settings: &Bound<'_, PyDict>,
    language: &str,
) -> PyResult<()> {
    let language = if language == "node" { Language::Node } else { Language::Python };
    let given = entries(settings.as_any(), |name| is_checked(group, language, name))?;
    check(group, language, &given).map_err(|error| errors::config_error(py, &error))
}

/// Validates the setting names in a Node.js configuration, which may also contain settings of other
/// libraries. Raises `ConfigError` for a name that is similar to a setting of the group, because it is
/// probably misspelt.
#[pyfunction]
pub(crate) fn check_open_settings(py: Python<'_>, group: &str, settings: &Bound<'_, PyDict>) -> PyResult<()> {
    let names = settings.keys().extract::<Vec<String>>()?;
    check_open(group, Language::Node, &names).map_err(|error| errors::config_error(py, &error))
}

/// Returns the name, default and documentation of each setting in a group. The default is the text of a Python
/// literal. It is `None` if the default is not a literal, and `...` if the setting is required.
#[pyfunction]
pub(crate) fn settings_of(
    py: Python<'_>,
    group: &str,
) -> PyResult<Vec<(&'static str, Option<String>, String)>> {
    let group = find(group).map_err(|error| errors::config_error(py, &error))?;
    let described = group.settings(Language::Python).map(|(name, setting)| {
        let required = setting.default == DefaultValue::Required;
        let default = if required { Some("...".into()) } else { setting.default.literal(Language::Python) };
        (name, default, setting.paragraph(Language::Python))
    });
    Ok(described.collect())
}

/// Returns the arguments that the caller passed.
pub(crate) fn present<'a, 'py>(
    arguments: &[(&'a str, Option<&'a Bound<'py, PyAny>>)],
) -> Vec<(&'a str, &'a Bound<'py, PyAny>)> {
    arguments.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect()
}

/// Validated keyword arguments.
pub(crate) struct Settings<'py>(Bound<'py, PyDict>);

impl<'py> Settings<'py> {
    /// Validates keyword and positional arguments together. `positional` contains the names and values of
    /// the positional arguments.
    pub(crate) fn checked(
        group: &str,
        keywords: Option<&Bound<'py, PyDict>>,
        positional: &[(&str, &Bound<'py, PyAny>)],
        py: Python<'py>,
    ) -> PyResult<Self> {
        let all = keywords.map_or_else(|| Ok(PyDict::new(py)), |keywords| keywords.copy())?;
        for (name, value) in positional {
            all.set_item(name, value)?;
        }
        check_settings(py, group, &all, "python")?;
        Ok(Self(all))
    }

    /// Returns the setting `name`. Returns `None` if the setting is omitted or `None`.
    pub(crate) fn get<T: FromPyObjectOwned<'py>>(&self, name: &str) -> PyResult<Option<T>> {
        match self.0.get_item(name)? {
            Some(value) if !value.is_none() => value.extract().map(Some).map_err(Into::into),
            _ => Ok(None),
        }
    }

    /// Returns a setting that is a list. Returns an empty list if the setting is omitted.
    pub(crate) fn list<T: FromPyObjectOwned<'py>>(&self, name: &str) -> PyResult<Vec<T>> {
        let Some(value) = self.get::<Bound<'py, PyAny>>(name)? else { return Ok(Vec::new()) };
        value.try_iter()?.map(|each| each?.extract().map_err(Into::into)).collect()
    }

    /// Returns a Boolean setting. Returns `false` if the setting is omitted.
    pub(crate) fn flag(&self, name: &str) -> PyResult<bool> {
        self.get(name).map(Option::unwrap_or_default)
    }
}

fn entries(mapping: &Bound<'_, PyAny>, checked: impl Fn(&str) -> bool) -> PyResult<Vec<(String, Value)>> {
    let items = mapping.cast::<PyMapping>()?.items()?;
    items
        .iter()
        .map(|item| {
            let (name, setting) = item.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
            let Ok(name) = name.extract::<String>() else {
                let advice = format!("{}: a name must be a string", name.get_type().name()?);
                return Err(errors::config_error(mapping.py(), &advice));
            };
            // A value that the settings catalogue does not check could be a secret, so it is not copied.
            let value = if checked(&name) { value(&setting)? } else { shape(&setting)? };
            Ok((name, value))
        })
        .collect()
}

fn value(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    let is_list = object.is_instance_of::<PyList>()
        || object.is_instance_of::<PyTuple>()
        || object.is_instance_of::<PySet>()
        || object.is_instance_of::<PyFrozenSet>();
    Ok(if object.is_none() {
        Value::Missing
    } else if let Ok(flag) = object.cast::<PyBool>() {
        Value::Flag(flag.is_true())
    } else if object.is_instance_of::<PyInt>() {
        // A number that does not fit in 64 bits is outside the range of every setting.
        object.extract().map_or(Value::Number(f64::INFINITY), Value::Integer)
    } else if object.is_instance_of::<PyFloat>() {
        Value::Number(object.extract()?)
    } else if let Ok(text) = object.cast::<PyString>() {
        Value::Text(text.to_string_lossy().into_owned())
    } else if is_list {
        Value::List(object.try_iter()?.map(|each| value(&each?)).collect::<PyResult<_>>()?)
    } else if object.is_instance_of::<PyType>() {
        Value::Class(object.cast::<PyType>()?.name()?.to_string())
    } else if object.cast::<PyMapping>().is_ok() && !object.is_instance_of::<PyBytes>() {
        Value::Map(entries(object, |_| true)?)
    } else {
        described(object)?
    })
}

/// Returns only the type of a value, because the value could be a secret.
fn shape(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    Ok(if object.is_none() {
        Value::Missing
    } else if object.is_instance_of::<PyBool>() || object.is_instance_of::<PyInt>() {
        value(object)?
    } else if object.is_instance_of::<PyString>() {
        Value::Text(String::new())
    } else if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
        Value::List(Vec::new())
    } else if object.is_instance_of::<PyType>() {
        Value::Class(object.cast::<PyType>()?.name()?.to_string())
    } else if object.cast::<PyMapping>().is_ok() {
        Value::Map(Vec::new())
    } else if object.is_callable() {
        Value::Object { class: Value::FUNCTION.into(), methods: Vec::new() }
    } else {
        Value::Object { class: object.get_type().name()?.to_string(), methods: Vec::new() }
    })
}

fn described(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    let has = |method: &&str| object.getattr(*method).is_ok_and(|method| method.is_callable());
    let methods = Value::METHODS.into_iter().filter(has).map(String::from).collect();
    Ok(Value::Object { class: object.get_type().name()?.to_string(), methods })
}
