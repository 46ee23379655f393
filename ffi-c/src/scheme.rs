//! Converts scheme numbers. `sealwire_scheme` in the header is generated from `Scheme` in `sealwire-core`.

use sealwire_core::Scheme;

use crate::status::{Failure, sealwire_status};

pub(crate) fn scheme(number: i32) -> Result<Scheme, Failure> {
    let held = u8::try_from(number).ok().and_then(Scheme::from_number);
    held.ok_or(sealwire_status::InvalidArgument.into())
}

pub(crate) fn scheme_name(number: i32) -> Result<String, Failure> {
    scheme(number).map(|scheme| scheme.name().to_owned())
}
