//! Functions that are created for an object, such as a signer, and called once per request.
//!
//! A `#[napi]` function with an object argument looks up the object in a map, under a lock that all threads
//! share. This lookup takes more than a third of the signing time (docs/decisions/0005). A function that is
//! created in this module owns its data, so it needs no lookup. napi catches its panics.

use napi::bindgen_prelude::{FromNapiValue, Function, FunctionCallContext, ToNapiValue};
use napi::{Env, JsStringLatin1, JsValue, Status, sys};

use crate::error::{Code, Error, Result};
use crate::head;

/// A JavaScript function without declared argument types. It reads its arguments from [`Arguments`].
pub(crate) type Call<'env, Made> = Function<'env, (), Made>;

/// Creates a JavaScript function that calls `body`. The function owns the data that `body` captures.
pub(crate) fn call<'env, Made: ToNapiValue>(
    env: &'env Env,
    name: &str,
    body: impl Fn(&Arguments<'_>) -> Result<Made> + 'static,
) -> Result<Call<'env, Made>> {
    let function = move |context: FunctionCallContext<'_>| {
        let arguments = Arguments(context);
        body(&arguments).map_err(|error| thrown(arguments.0.env, &error))
    };
    env.create_function_from_closure(name, function).map_err(|cause| Code::State.error(cause.reason))
}

/// A JavaScript value returned by a function.
pub(crate) type Returned = sys::napi_value;

/// The arguments of a call, by position.
pub(crate) struct Arguments<'call>(FunctionCallContext<'call>);

impl Arguments<'_> {
    /// Returns a required argument.
    pub(crate) fn get<T: FromNapiValue>(&self, at: usize) -> Result<T> {
        self.0.get(at).map_err(|cause| Code::Config.error(cause.reason))
    }

    /// Returns an optional argument.
    pub(crate) fn optional<T: FromNapiValue>(&self, at: usize) -> Result<Option<T>> {
        if at < self.0.length() { self.get(at) } else { Ok(None) }
    }

    /// Returns a Latin-1 string argument, see [`head::read`].
    pub(crate) fn latin1(&self, at: usize) -> Result<JsStringLatin1<'_>> {
        head::read(self.get(at)?)
    }

    /// Converts a Latin-1 string to a JavaScript string without an intermediate copy.
    pub(crate) fn returned(&self, text: impl AsRef<[u8]>) -> Result<Returned> {
        let text = self.0.env.create_string_latin1(text).map_err(|cause| Code::State.error(cause.reason))?;
        Ok(text.raw())
    }
}

/// Throws a JavaScript error with one of this package's error codes, and returns the napi error for a pending
/// exception. The error is thrown here because napi's error type supports only napi's own codes.
fn thrown(env: &Env, error: &Error) -> napi::Error {
    match env.throw_error(&error.reason, Some(error.status.as_ref())) {
        Ok(()) => napi::Error::from_status(Status::PendingException),
        Err(cause) => cause,
    }
}
