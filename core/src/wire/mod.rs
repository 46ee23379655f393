//! Requests as received, with their headers, grammars, schemes and rejection reasons.

pub(crate) mod authority;
pub(crate) mod grammar;
pub(crate) mod path;
pub(crate) mod reason;
pub(crate) mod request;
pub(crate) mod scheme;
pub(crate) mod url;
