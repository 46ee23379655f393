//! Data that a function stores between calls: buffers and, for signing, the repeated parts of the last
//! request.
//!
//! The method, authority, scheme, receiver and user id of a request to sign are usually the same as in the
//! previous request. The JavaScript code passes these parts only if they have changed
//! (`lib/repeated-parts.js`), because comparing them is faster than joining and copying them. Requests to
//! verify are always passed completely, so that data from one peer cannot be used for another peer.

use core::cell::{RefCell, RefMut};
use core::ops::Range;

use napi::JsString;

use crate::error::{Code, Result};
use crate::head;
use crate::shared::parts::Parts;

/// The number of repeated parts: method, authority, scheme, receiver, user id and nonce.
pub(crate) const PARTS: usize = 6;

/// The maximum capacity of a buffer before a call, in bytes. Larger buffers are shrunk.
const KEPT_BYTES: usize = 4096;

/// The data that one function stores between calls.
#[derive(Default)]
pub(crate) struct Scratch(RefCell<ScratchBuffers>);

/// The buffers of a call, and the repeated parts of the last request.
#[derive(Default)]
pub(crate) struct ScratchBuffers {
    /// The parts of the last signed request.
    pub(crate) repeated: RepeatedParts,
    /// The last request's method. It is used by functions that sign only with `client`, which have no other
    /// repeated parts.
    pub(crate) method: Vec<u8>,
    /// The URL when signing a request, or the head when verifying one.
    pub(crate) input: Vec<u8>,
    /// The string that the function returns.
    pub(crate) output: String,
}

impl Scratch {
    /// Clears the input and output buffers, but not the repeated parts, and returns all data.
    pub(crate) fn buffers(&self) -> Result<RefMut<'_, ScratchBuffers>> {
        let mut buffers = self.0.try_borrow_mut().map_err(|cause| Code::State.error(cause))?;
        buffers.input.clear();
        buffers.input.shrink_to(KEPT_BYTES);
        buffers.output.clear();
        buffers.output.shrink_to(KEPT_BYTES);
        Ok(buffers)
    }
}

/// Parts that are joined with line breaks, and the byte range of each part.
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
