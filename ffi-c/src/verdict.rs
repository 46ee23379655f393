//! The output arguments of a call that accepts or rejects a request.

use sealwire_core::{Identity, Rejection};

use crate::identity::sealwire_identity;
use crate::pointer::Out;
use crate::rejection::{RejectedOut, sealwire_rejection};
use crate::status::Failure;

/// The two output arguments of a call that accepts or rejects a request. Both may be NULL.
pub(crate) struct Verdict {
    identity: Option<Out<sealwire_identity>>,
    rejected: RejectedOut,
}

impl Verdict {
    /// # Safety
    /// Each pointer is NULL or points to memory that only this call uses.
    pub(crate) unsafe fn new(
        identity: *mut sealwire_identity,
        rejected: *mut sealwire_rejection,
    ) -> Result<Self, Failure> {
        // SAFETY: guaranteed by the caller of this function.
        unsafe { Ok(Self { identity: Out::optional(identity)?, rejected: RejectedOut::new(rejected)? }) }
    }

    /// Writes the identity or the rejection, and returns the status.
    pub(crate) fn write(self, verdict: Result<Identity<'_>, Rejection>) -> Result<(), Failure> {
        let identity = verdict.map_err(|reason| self.rejected.refuse(&reason))?;
        if let Some(out) = self.identity {
            out.write((&identity).into());
        }
        Ok(())
    }
}
