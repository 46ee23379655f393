//! Functions made for one object and called once per request.
//!
//! Not `#[napi]` functions that take the object as an argument: those keep lists of what they borrowed and look
//! each object up in a map under a lock that all threads share, which costs more than a third of signing
//! (docs/decisions/0005). A function created here owns its data; napi catches its panics.

use napi::bindgen_prelude::{FromNapiValue, Function, FunctionCallContext, ToNapiValue};
use napi::{Env, JsStringLatin1, JsValue, Status, sys};

use crate::error::{Code, Error, Result};
use crate::head;

/// A function for JavaScript to call, its arguments read by itself.
pub(crate) type Call<'env, Made> = Function<'env, (), Made>;

/// Makes a function from `body`, which owns its data.
pub(crate) fn call<'env, Made: ToNapiValue>(
    env: &'env Env,
    name: &str,
    body: impl Fn(&Arguments<'_>) -> Result<Made> + 'static,
) -> Result<Call<'env, Made>> {
    let answer = move |context: FunctionCallContext<'_>| {
        let arguments = Arguments(context);
        body(&arguments).map_err(|error| thrown(arguments.0.env, &error))
    };
    env.create_function_from_closure(name, answer).map_err(|cause| Code::State.error(cause.reason))
}

/// A JavaScript value on its way back.
pub(crate) type Answer = sys::napi_value;

/// The arguments of one call, by position.
pub(crate) struct Arguments<'call>(FunctionCallContext<'call>);

impl Arguments<'_> {
    /// One that must be there.
    pub(crate) fn get<T: FromNapiValue>(&self, at: usize) -> Result<T> {
        self.0.get(at).map_err(|cause| Code::Config.error(cause.reason))
    }

    /// One that may be left out.
    pub(crate) fn optional<T: FromNapiValue>(&self, at: usize) -> Result<Option<T>> {
        if at < self.0.length() { self.get(at) } else { Ok(None) }
    }

    /// See [`head::read`].
    pub(crate) fn latin1(&self, at: usize) -> Result<JsStringLatin1<'_>> {
        head::read(self.get(at)?)
    }

    /// Returns a latin-1 string without an intermediate copy.
    pub(crate) fn answer(&self, text: impl AsRef<[u8]>) -> Result<Answer> {
        let text = self.0.env.create_string_latin1(text).map_err(|cause| Code::State.error(cause.reason))?;
        Ok(text.raw())
    }
}

/// Throws an error with its `code`, and says that it is on its way: napi knows no codes but its own.
fn thrown(env: &Env, error: &Error) -> napi::Error {
    match env.throw_error(&error.reason, Some(error.status.as_ref())) {
        Ok(()) => napi::Error::from_status(Status::PendingException),
        Err(cause) => cause,
    }
}
