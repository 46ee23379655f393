//! Header lists in Python: pairs of bytes in ASGI, pairs of text elsewhere, or mappings in client libraries.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use sealwire_core::Header;
use sealwire_host::HEADERS_KEPT;

/// The bytes of a header name or value while a request is processed.
pub(crate) enum Held<'a, 'py> {
    Lent(&'a [u8]),
    Made(Bound<'py, PyBytes>),
}

impl<'a, 'py> Held<'a, 'py> {
    /// Reads bytes unchanged, and encodes text as Latin-1, because servers decode headers as Latin-1. Other
    /// text cannot have been received and matches no signature.
    ///
    /// # Errors
    /// `TypeError` for any other object.
    pub(crate) fn new(object: &'a Bound<'py, PyAny>) -> PyResult<Self> {
        if let Ok(Lent(bytes)) = object.extract() {
            return Ok(Self::Lent(bytes));
        }
        if !object.is_instance_of::<PyString>() {
            let expected = format!("expected str or bytes, not {}", object.get_type().name()?);
            return Err(PyTypeError::new_err(expected));
        }
        let encoded = object.call_method1("encode", ("latin-1", "replace"))?;
        Ok(Self::Made(encoded.cast_into::<PyBytes>()?))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Lent(bytes) => bytes,
            Self::Made(bytes) => bytes.as_bytes(),
        }
    }
}

/// The borrowed data of `bytes` or ASCII text.
struct Lent<'a>(&'a [u8]);

/// The data cannot be borrowed. Contains no details, because another conversion is tried next.
struct NotLent;

impl<'a, 'py> FromPyObject<'a, 'py> for Lent<'a> {
    type Error = NotLent;

    /// Inlined, because this is called twice for each header line, usually with `bytes`.
    #[inline(always)]
    fn extract(object: Borrowed<'a, 'py, PyAny>) -> Result<Self, NotLent> {
        // Checked before the cast, because a failed cast creates an error.
        if object.is_exact_instance_of::<PyBytes>() {
            return object.extract().map(Self).map_err(|_| NotLent);
        }
        Self::of_others(object)
    }
}

impl<'a> Lent<'a> {
    #[inline(never)]
    fn of_others(object: Borrowed<'a, '_, PyAny>) -> Result<Self, NotLent> {
        if !object.is_instance_of::<PyString>() {
            return object.extract().map(Self).map_err(|_| NotLent);
        }
        let text: &str = object.extract().map_err(|_| NotLent)?;
        if text.is_ascii() { Ok(Self(text.as_bytes())) } else { Err(NotLent) }
    }
}

impl From<NotLent> for PyErr {
    fn from(_: NotLent) -> Self {
        PyTypeError::new_err("expected bytes, or str in ASCII")
    }
}

/// Reads a mapping, a list or another iterable of pairs, and passes it to `then`. `None` is an empty list. At
/// most one header more than core accepts is read, so that core can reject the list.
///
/// # Errors
/// `TypeError` if an item is not a pair of `str` or `bytes`, and the errors of `then`.
pub(crate) fn with_headers<T>(
    object: Option<&Bound<'_, PyAny>>,
    then: impl FnOnce(&[Header<'_>]) -> PyResult<T>,
) -> PyResult<T> {
    let Some(object) = object.filter(|object| !object.is_none()) else { return then(&[]) };
    let lines = lines(object)?;
    match view(&lines) {
        Ok(headers) => then(&headers),
        // Non-ASCII text, or lists instead of tuples. This is rare.
        Err(_) => then_converted(&lines, then),
    }
}

#[cold]
fn then_converted<T>(
    lines: &Bound<'_, PyTuple>,
    then: impl FnOnce(&[Header<'_>]) -> PyResult<T>,
) -> PyResult<T> {
    then(&view(&converted(lines)?)?)
}

/// Copies the lines to a tuple, which is immutable and owns them.
fn lines<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyTuple>> {
    if let Ok(list) = object.cast_exact::<PyList>() {
        return Ok(first(list));
    }
    if let Ok(dict) = object.cast_exact::<PyDict>() {
        return Ok(first(&dict.items()));
    }
    // Checked first, because calling `items` on a tuple would create an error.
    if let Ok(tuple) = object.cast_exact::<PyTuple>() {
        return Ok(if tuple.len() > HEADERS_KEPT { tuple.get_slice(0, HEADERS_KEPT) } else { tuple.clone() });
    }
    let pairs = match object.getattr("items") {
        Ok(items) => items.call0()?,
        Err(_) => object.clone(),
    };
    let pairs: Vec<_> = pairs.try_iter()?.take(HEADERS_KEPT).collect::<PyResult<_>>()?;
    PyTuple::new(object.py(), pairs)
}

fn first<'py>(list: &Bound<'py, PyList>) -> Bound<'py, PyTuple> {
    if list.len() > HEADERS_KEPT { list.get_slice(0, HEADERS_KEPT).to_tuple() } else { list.to_tuple() }
}

/// Reads the list without copies. Fails if any name or value cannot be borrowed.
fn view<'a>(lines: &'a Bound<'_, PyTuple>) -> PyResult<Vec<Header<'a>>> {
    let mut headers = Vec::with_capacity(lines.len());
    for line in lines.iter_borrowed() {
        let (Lent(name), Lent(value)) = line.extract()?;
        headers.push(Header { name, value });
    }
    Ok(headers)
}

/// Converts the list so that all lines are tuples of objects whose data can be borrowed.
fn converted<'py>(lines: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyTuple>> {
    let lines_converted = lines.iter().map(|line| {
        let halves = line.extract::<(Bound<'py, PyAny>, Bound<'py, PyAny>)>().map(<[_; 2]>::from);
        let halves = halves.or_else(|_| line.extract::<[Bound<'py, PyAny>; 2]>());
        let [name, value] =
            halves.map_err(|_| PyTypeError::new_err("headers must be pairs of a name and a value"))?;
        PyTuple::new(line.py(), [bytes(&name)?, bytes(&value)?])
    });
    PyTuple::new(lines.py(), lines_converted.collect::<PyResult<Vec<_>>>()?)
}

fn bytes<'py>(half: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    Held::new(half).map(|held| PyBytes::new(half.py(), held.as_bytes()))
}
