//! Converts header lists from Python. ASGI passes pairs of `bytes`, other servers pass pairs of `str`, and
//! client libraries pass mappings.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use sealwire_core::Header;
use sealwire_host::HEADERS_KEPT;

/// The bytes of a header name or value. They belong to the object that the caller passed (`Lent`), or to a new
/// `bytes` object with the encoded text (`Made`).
pub(crate) enum Held<'a, 'py> {
    Lent(&'a [u8]),
    Made(Bound<'py, PyBytes>),
}

impl<'a, 'py> Held<'a, 'py> {
    /// Borrows the data of `bytes` and of ASCII text. Encodes other text as Latin-1, because servers decode
    /// headers as Latin-1. Characters outside Latin-1 cannot come from a server, and are replaced with `?`.
    ///
    /// # Errors
    /// Returns a `TypeError` for any other object.
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

/// The data of `bytes` or of ASCII text, borrowed from the Python object.
struct Lent<'a>(&'a [u8]);

/// The error for an object whose data cannot be borrowed. It contains no details, because the caller then
/// tries a different conversion.
struct NotLent;

impl<'a, 'py> FromPyObject<'a, 'py> for Lent<'a> {
    type Error = NotLent;

    /// This function is inlined, because it is called twice for each header, usually with `bytes`.
    #[inline(always)]
    fn extract(object: Borrowed<'a, 'py, PyAny>) -> Result<Self, NotLent> {
        // The type is checked first, because a failed cast allocates an error.
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

/// Converts a mapping or an iterable of pairs to a header list and passes the list to `then`. `None` is an
/// empty list. Reads at most one header more than the core crate accepts, which is enough for that crate to
/// reject the list.
///
/// # Errors
/// Returns a `TypeError` if an item is not a pair of `str` or `bytes`, and the errors of `then`.
pub(crate) fn with_headers<T>(
    object: Option<&Bound<'_, PyAny>>,
    then: impl FnOnce(&[Header<'_>]) -> PyResult<T>,
) -> PyResult<T> {
    let Some(object) = object.filter(|object| !object.is_none()) else { return then(&[]) };
    let lines = lines(object)?;
    match view(&lines) {
        Ok(headers) => then(&headers),
        // The list contains non-ASCII text, or lists instead of tuples, which is rare.
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

/// Copies the headers to a tuple, which is immutable and owns its items.
fn lines<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyTuple>> {
    if let Ok(list) = object.cast_exact::<PyList>() {
        return Ok(first(list));
    }
    if let Ok(dict) = object.cast_exact::<PyDict>() {
        return Ok(first(&dict.items()));
    }
    // Tuples are checked before `items` is looked up, because a failed lookup allocates an error.
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

/// Borrows all names and values. Fails if the data of any of them cannot be borrowed.
fn view<'a>(lines: &'a Bound<'_, PyTuple>) -> PyResult<Vec<Header<'a>>> {
    let mut headers = Vec::with_capacity(lines.len());
    for line in lines.iter_borrowed() {
        let (Lent(name), Lent(value)) = line.extract()?;
        headers.push(Header { name, value });
    }
    Ok(headers)
}

/// Converts all headers to tuples of `bytes`, whose data can be borrowed.
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
