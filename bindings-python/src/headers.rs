//! Header lists as Python has them: pairs of bytes in ASGI, pairs of text elsewhere, mappings in client libraries.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use sealwire_core::Header;
use sealwire_host::HEADERS_KEPT;

/// Bytes held for as long as a request is looked at.
pub(crate) enum Held<'py> {
    Bytes(Bound<'py, PyBytes>),
    /// ASCII only, so that its UTF-8 is what travelled.
    Text(Bound<'py, PyString>),
}

impl<'py> Held<'py> {
    /// Holds bytes as they are and text as the bytes it travelled as: servers decode the wire as Latin-1. Nothing that
    /// was received fails here; what Latin-1 cannot hold was not received, and matches no signature.
    ///
    /// # Errors
    /// `TypeError` for anything else.
    pub(crate) fn new(object: &Bound<'py, PyAny>) -> PyResult<Self> {
        Self::own(object.clone())
    }

    /// As above, for what the caller need not hold on to.
    ///
    /// # Errors
    /// `TypeError` for anything else.
    pub(crate) fn own(object: Bound<'py, PyAny>) -> PyResult<Self> {
        // Asked first, since a cast that fails makes an error.
        if object.is_instance_of::<PyBytes>() {
            return Ok(Self::Bytes(object.cast_into::<PyBytes>()?));
        }
        if object.is_instance_of::<PyString>() {
            return Self::text(object.cast_into::<PyString>()?);
        }
        Err(PyTypeError::new_err(format!("expected str or bytes, not {}", object.get_type().name()?)))
    }

    fn text(text: Bound<'py, PyString>) -> PyResult<Self> {
        if text.to_str().is_ok_and(str::is_ascii) {
            return Ok(Self::Text(text));
        }
        let encoded = text.call_method1("encode", ("latin-1", "replace"))?;
        Ok(Self::Bytes(encoded.cast_into::<PyBytes>()?))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes.as_bytes(),
            Self::Text(text) => text.to_str().map(str::as_bytes).unwrap_or_default(),
        }
    }
}

/// A header list, held: tuples keep what is in them and never change, so that halves need no hold of their own.
pub(crate) struct Headers<'py>(Vec<Bound<'py, PyTuple>>);

impl<'py> Headers<'py> {
    /// Reads a list or another iterable of pairs, or a mapping; `None` is an empty list. At most one more header is
    /// read than core accepts, so that core can refuse the list.
    ///
    /// # Errors
    /// `TypeError` when it holds anything but pairs of `str` or `bytes`.
    pub(crate) fn read(object: Option<&Bound<'py, PyAny>>) -> PyResult<Self> {
        let Some(object) = object.filter(|object| !object.is_none()) else { return Ok(Self(Vec::new())) };
        if let Ok(list) = object.cast_exact::<PyList>() {
            return Self::gather(list.len(), list.iter().map(Ok));
        }
        if let Ok(dict) = object.cast::<PyDict>() {
            let lines = dict.iter().map(|(name, value)| line(object.py(), name, value));
            return lines.take(HEADERS_KEPT).collect::<PyResult<_>>().map(Self);
        }
        let pairs = match object.getattr("items") {
            Ok(items) => items.call0()?,
            Err(_) => object.clone(),
        };
        Self::gather(0, pairs.try_iter()?)
    }

    fn gather(count: usize, pairs: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>) -> PyResult<Self> {
        let mut held = Vec::with_capacity(count.min(HEADERS_KEPT));
        for pair in pairs.take(HEADERS_KEPT) {
            held.push(Self::pair(pair?)?);
        }
        Ok(Self(held))
    }

    fn pair(object: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyTuple>> {
        if let Ok(pair) = object.cast_exact::<PyTuple>()
            && pair.len() == 2
            && is_plain(&*pair.get_borrowed_item(0)?)
            && is_plain(&*pair.get_borrowed_item(1)?)
        {
            return Ok(object.cast_into_exact()?);
        }
        let (name, value) = object.extract::<(Bound<'py, PyAny>, Bound<'py, PyAny>)>().or_else(|_| {
            let pair = object.extract::<[Bound<'py, PyAny>; 2]>();
            pair.map(<(_, _)>::from)
                .map_err(|_| PyTypeError::new_err("headers must be pairs of a name and a value"))
        })?;
        line(object.py(), name, value)
    }

    /// The list as core reads it.
    pub(crate) fn view(&self) -> Vec<Header<'_>> {
        self.0.iter().map(|line| Header { name: half(line, 0), value: half(line, 1) }).collect()
    }
}

/// Whether bytes can be lent from it as they travelled.
fn is_plain(object: &Bound<'_, PyAny>) -> bool {
    object.is_exact_instance_of::<PyBytes>()
        || object.cast_exact::<PyString>().is_ok_and(|text| text.to_str().is_ok_and(str::is_ascii))
}

/// A line of two plain halves.
fn line<'py>(
    py: Python<'py>,
    name: Bound<'py, PyAny>,
    value: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyTuple>> {
    let plain = |half: Bound<'py, PyAny>| {
        if is_plain(&half) {
            Ok(half)
        } else {
            Held::own(half).map(|held| PyBytes::new(py, held.as_bytes()).into_any())
        }
    };
    PyTuple::new(py, [plain(name)?, plain(value)?])
}

/// The bytes of a plain half.
fn half<'a>(line: &'a Bound<'_, PyTuple>, at: usize) -> &'a [u8] {
    let Ok(half) = line.get_borrowed_item(at) else { return &[] };
    if half.is_exact_instance_of::<PyBytes>() {
        <&[u8]>::extract(half).unwrap_or_default()
    } else {
        <&str>::extract(half).map(str::as_bytes).unwrap_or_default()
    }
}
