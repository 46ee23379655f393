//! The data that a function keeps between calls: buffers and, for signing, the repeated parts of the last
//! request.
//!
//! Method, authority, scheme and the parties are mostly those of the request signed before. JavaScript passes
//! them only when they change (`lib/repeated-parts.js`), because joining them to the URL and copying both costs
//! more than comparing them. A request to verify is passed completely, so that no data of one peer is kept for
//! another.

use core::cell::{RefCell, RefMut};
use core::ops::Range;

use napi::JsString;

use crate::error::{Code, Result};
use crate::head::{self, Parts};

/// Parts of a lead: method, authority, scheme, receiver, user id and nonce.
pub(crate) const PARTS: usize = 6;

/// The size of the buffers that is kept, in bytes: enough for usual requests. Larger buffers are released.
const KEPT_BYTES: usize = 4096;

/// The data of one function.
#[derive(Default)]
pub(crate) struct Scratch(RefCell<ScratchBuffers>);

/// Texts of one call, and the lead of all until it changes.
#[derive(Default)]
pub(crate) struct ScratchBuffers {
    /// The parts of the last signed request.
    pub(crate) lead: RepeatedParts,
    /// The last method, where that is all there is to a lead.
    pub(crate) method: Vec<u8>,
    /// The input: a URL to sign, or the head of a request to verify.
    pub(crate) crossed: Vec<u8>,
    /// What crosses back.
    pub(crate) answer: String,
}

impl Scratch {
    /// Clears the buffers, but not the repeated parts.
    pub(crate) fn room(&self) -> Result<RefMut<'_, ScratchBuffers>> {
        let mut room = self.0.try_borrow_mut().map_err(|cause| Code::State.error(cause))?;
        room.crossed.clear();
        room.crossed.shrink_to(KEPT_BYTES);
        room.answer.clear();
        room.answer.shrink_to(KEPT_BYTES);
        Ok(room)
    }
}

/// Parts joined by line breaks, and where each stands.
#[derive(Default)]
pub(crate) struct RepeatedParts {
    joined: Vec<u8>,
    places: Option<[Range<usize>; PARTS]>,
}

impl RepeatedParts {
    /// Takes another.
    pub(crate) fn change(&mut self, joined: JsString<'_>) -> Result<()> {
        self.places = None;
        head::whole_into(joined, &mut self.joined)?;
        self.places = places(&self.joined);
        Ok(())
    }

    /// The parts, unless one of them holds a line break.
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
