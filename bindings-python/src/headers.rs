//! Header lists as Python has them: pairs of bytes in ASGI, pairs of text elsewhere, mappings in client libraries.

use std::ops::Deref;

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

/// A header list, held.
pub(crate) struct Headers<'py>(Vec<(Held<'py>, Held<'py>)>);

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
            let pairs = dict.iter().map(|(name, value)| Ok((Held::own(name)?, Held::own(value)?)));
            return pairs.take(HEADERS_KEPT).collect::<PyResult<_>>().map(Self);
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
            held.push(Self::pair(&pair?)?);
        }
        Ok(Self(held))
    }

    fn pair(object: &Bound<'py, PyAny>) -> PyResult<(Held<'py>, Held<'py>)> {
        if let Ok(pair) = object.cast_exact::<PyTuple>()
            && pair.len() == 2
        {
            return Ok((Held::own(pair.get_item(0)?)?, Held::own(pair.get_item(1)?)?));
        }
        let (name, value) = object.extract::<(Bound<'py, PyAny>, Bound<'py, PyAny>)>().or_else(|_| {
            let pair = object.extract::<[Bound<'py, PyAny>; 2]>();
            pair.map(<(_, _)>::from)
                .map_err(|_| PyTypeError::new_err("headers must be pairs of a name and a value"))
        })?;
        Ok((Held::own(name)?, Held::own(value)?))
    }

    /// The list as core reads it.
    pub(crate) fn view(&self) -> View<'_> {
        let mut view = View { usual: [NONE; USUAL_LINES], used: self.0.len(), long: Vec::new() };
        let lines = self.0.iter().map(|(name, value)| Header { name: name.as_bytes(), value: value.as_bytes() });
        if self.0.len() > USUAL_LINES {
            view.long = lines.collect();
        } else {
            view.usual.iter_mut().zip(lines).for_each(|(slot, line)| *slot = line);
        }
        view
    }
}

/// Most requests have fewer header lines, and need no room on the heap for them.
const USUAL_LINES: usize = 24;
const NONE: Header<'_> = Header { name: &[], value: &[] };

/// A header list, borrowed.
pub(crate) struct View<'a> {
    usual: [Header<'a>; USUAL_LINES],
    used: usize,
    long: Vec<Header<'a>>,
}

impl<'a> Deref for View<'a> {
    type Target = [Header<'a>];

    fn deref(&self) -> &Self::Target {
        self.usual.get(..self.used).unwrap_or(&self.long)
    }
}
