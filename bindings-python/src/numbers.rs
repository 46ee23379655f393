//! Converts integers from Python.

use pyo3::prelude::*;

/// A non-negative integer.
pub(crate) struct Natural(pub(crate) u64);

impl<'a, 'py> FromPyObject<'a, 'py> for Natural {
    type Error = PyErr;

    /// Accepts the same values as the `u64` conversion of pyo3, and returns the same errors. With the
    /// stable ABI, the conversion to `i64` takes only a third of the time.
    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(number) = object.extract::<i64>()
            && let Ok(number) = u64::try_from(number)
        {
            return Ok(Self(number));
        }
        object.extract::<u64>().map(Self)
    }
}
