//! Bodies: any object that shows its bytes.

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyString};

/// Below this many bytes hashing is quicker than giving up the interpreter and taking it back, which costs about a
/// microsecond when other threads wait for it; BLAKE3's and hashlib's bindings draw the line at 2,047 and 2,048.
pub(crate) const DETACH_FROM_BYTES: usize = 2048;

/// The bytes of a body, kept alive and unchanged while they are read.
pub(crate) enum Body<'py> {
    Empty,
    Borrowed(Bound<'py, PyBytes>),
    Backed(PyBackedBytes),
    /// A writable buffer is copied, because the hashed bytes must be the checked bytes.
    Copied(Vec<u8>),
}

impl<'py> Body<'py> {
    /// Reads `bytes` in place, and a copy of anything else with a contiguous buffer; `None` is an empty body.
    ///
    /// # Errors
    /// `TypeError` for anything else, text included: only its sender knows in which encoding it travels.
    pub(crate) fn read(object: Option<&Bound<'py, PyAny>>) -> PyResult<Self> {
        let Some(object) = object else { return Ok(Self::Empty) };
        if let Ok(bytes) = object.cast_exact::<PyBytes>() {
            return Ok(Self::Borrowed(bytes.clone()));
        }
        if object.is_none() {
            return Ok(Self::Empty);
        }
        if object.is_instance_of::<PyString>() {
            return Err(PyTypeError::new_err(
                "the body is text; pass the bytes that are sent, as text.encode()",
            ));
        }
        if let Ok(bytes) = object.extract::<PyBackedBytes>() {
            return Ok(Self::Backed(bytes));
        }
        let buffer = PyBuffer::<u8>::get(object).map_err(|_| {
            PyTypeError::new_err("the body must be bytes or another object with a buffer of bytes")
        })?;
        Ok(Self::Copied(buffer.to_vec(object.py())?))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Empty => &[],
            Self::Borrowed(bytes) => bytes.as_bytes(),
            Self::Backed(bytes) => bytes,
            Self::Copied(bytes) => bytes,
        }
    }
}
