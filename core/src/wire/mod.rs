//! A request as received: headers, the grammar of its parts, the schemes and the reasons of a rejection.

pub(crate) mod authority;
pub(crate) mod grammar;
pub(crate) mod path;
pub(crate) mod reason;
pub(crate) mod request;
pub(crate) mod scheme;
pub(crate) mod url;
