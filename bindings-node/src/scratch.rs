//! Data that a function keeps between calls: buffers and, for signing, the repeated parts of the last
//! request.
//!
//! The method, authority, scheme and parties are usually the same as in the last signed request. JavaScript
//! passes them only if they change (`lib/repeated-parts.js`), because joining and copying them costs more
//! than comparing them. Requests to verify are passed completely, so the data of one peer is never used for
//! another.

use core::cell::{RefCell, RefMut};
use core::ops::Range;

use napi::JsString;

use crate::error::{Code, Result};
use crate::head;
use crate::shared::parts::Parts;

/// The number of repeated parts: method, authority, scheme, receiver, user id and nonce.
pub(crate) const PARTS: usize = 6;

/// The maximum capacity of a buffer that is kept, in bytes. Larger buffers are released.
const KEPT_BYTES: usize = 4096;

/// The data of one function.
#[derive(Default)]
pub(crate) struct Scratch(RefCell<ScratchBuffers>);

/// The buffers of a call, and the repeated parts of the last request.
#[derive(Default)]
pub(crate) struct ScratchBuffers {
    /// The parts of the last signed request.
    pub(crate) repeated: RepeatedParts,
    /// The last method, for functions that have no other repeated parts.
    pub(crate) method: Vec<u8>,
    /// The input: a URL to sign, or the head of a request to verify.
    pub(crate) input: Vec<u8>,
    /// The result of the call.
    pub(crate) output: String,
}

impl Scratch {
    /// Clears the buffers, but not the repeated parts.
    pub(crate) fn buffers(&self) -> Result<RefMut<'_, ScratchBuffers>> {
        let mut buffers = self.0.try_borrow_mut().map_err(|cause| Code::State.error(cause))?;
        buffers.input.clear();
        buffers.input.shrink_to(KEPT_BYTES);
        buffers.output.clear();
        buffers.output.shrink_to(KEPT_BYTES);
        Ok(buffers)
    }
}

/// Parts joined with line breaks, and the position of each part.
#[derive(Default)]
pub(crate) struct RepeatedParts {
    joined: Vec<u8>,
    places: Option<[Range<usize>; PARTS]>,
}

impl RepeatedParts {
    /// Replaces the parts.
    pub(crate) fn change(&mut self, joined: JsString<'_>) -> Result<()> {
        self.places = None;
        head::whole_into(joined, &mut self.joined)?;
        self.places = places(&self.joined);
        Ok(())
    }

    /// Returns the parts, or `None` if a part contains a line break.
    pub(crate) fn parts(&self) -> Option<[&[u8]; PARTS]> {
        let places = self.places.as_ref()?;
        Some(places.each_ref().map(|place| self.joined.get(place.clone()).unwrap_or_default()))
    }
}

fn places(joined: &[u8]) -> Option<[Range<usize>; PARTS]> {
    let mut parts = Parts::of(joined);
    let taken: [&[u8]; PARTS] = parts.take().filter(|_| parts.is_at_end())?;
    let mut at = 0;
    Some(taken.map(|part| {
        let place = at..at + part.len();
        at = place.end + 1;
        place
    }))
}
