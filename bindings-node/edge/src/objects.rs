//! The objects that the JavaScript code uses. Each object is identified by a number.

use core::cell::RefCell;
use std::sync::Arc;

use sealwire_core::{Pending, Proven};
use sealwire_host::{SharedModes, SharedRing, Signer, Verifier};

use crate::error::{Code, Error, Result};
use crate::replay::LazyTable;

/// An object that the JavaScript code uses.
pub(crate) enum Object {
    Ring(Arc<SharedRing>),
    Modes(Arc<SharedModes>),
    Table(Arc<LazyTable>),
    Signer(Arc<Signer>),
    Verifier(Arc<Verifier>),
    /// A verification that is waiting for the request body.
    Waiting(Box<Pending>),
    /// A request with a valid signature whose nonce has not been claimed yet.
    Proven(Box<Proven>),
}

thread_local! {
    /// The number of an object is its index plus one. The entry of a freed object is `None`.
    static OBJECTS: RefCell<Vec<Option<Object>>> = RefCell::default();
    /// The numbers of freed objects, which can be reused.
    static FREE: RefCell<Vec<u32>> = RefCell::default();
}

/// Stores an object and returns its number. Numbers are reused, so the caller must not use the number of a
/// freed object.
pub(crate) fn put(object: Object) -> Result<u32> {
    let free = FREE.with_borrow_mut(Vec::pop);
    OBJECTS.with_borrow_mut(|objects| {
        let place = free.and_then(|number| objects.get_mut(place(number)));
        if let (Some(number), Some(place)) = (free, place) {
            *place = Some(object);
            return Ok(number);
        }
        objects.push(Some(object));
        u32::try_from(objects.len()).map_err(|_| Code::State.error("too many objects"))
    })
}

const fn place(number: u32) -> usize {
    (number as usize).wrapping_sub(1)
}

fn take(number: u32) -> Option<Object> {
    let object = OBJECTS.with_borrow_mut(|objects| objects.get_mut(place(number)).and_then(Option::take))?;
    FREE.with_borrow_mut(|free| free.push(number));
    Some(object)
}

/// Frees an object. An unknown number is ignored.
#[unsafe(no_mangle)]
extern "C" fn sealwire_free(object: u32) {
    drop(take(object)); // the borrow of OBJECTS must end before the object is dropped
}

/// Returns the number of objects, so that tests can find leaks.
#[unsafe(no_mangle)]
extern "C" fn sealwire_object_count() -> usize {
    OBJECTS.with_borrow(|objects| objects.iter().flatten().count())
}

pub(crate) fn ring(number: u32) -> Result<Arc<SharedRing>> {
    get(number, |object| if let Object::Ring(ring) = object { Some(Arc::clone(ring)) } else { None })
}

pub(crate) fn modes(number: u32) -> Result<Arc<SharedModes>> {
    get(number, |object| if let Object::Modes(modes) = object { Some(Arc::clone(modes)) } else { None })
}

pub(crate) fn table(number: u32) -> Result<Arc<LazyTable>> {
    get(number, |object| if let Object::Table(table) = object { Some(Arc::clone(table)) } else { None })
}

pub(crate) fn signer(number: u32) -> Result<Arc<Signer>> {
    get(number, |object| if let Object::Signer(signer) = object { Some(Arc::clone(signer)) } else { None })
}

pub(crate) fn verifier(number: u32) -> Result<Arc<Verifier>> {
    get(
        number,
        |object| if let Object::Verifier(verifier) = object { Some(Arc::clone(verifier)) } else { None },
    )
}

fn get<T>(number: u32, read: impl FnOnce(&Object) -> Option<T>) -> Result<T> {
    OBJECTS.with_borrow(|objects| objects.get(place(number))?.as_ref().and_then(read)).ok_or_else(ended)
}

/// Calls `then` with a verification that is waiting for the body.
pub(crate) fn with_waiting<T>(number: u32, then: impl FnOnce(&mut Pending) -> T) -> Result<T> {
    OBJECTS.with_borrow_mut(|objects| match objects.get_mut(place(number)) {
        Some(Some(Object::Waiting(pending))) => Ok(then(pending)),
        _ => Err(ended()),
    })
}

/// Removes and returns a verification that is waiting for the body.
pub(crate) fn take_waiting(number: u32) -> Result<Box<Pending>> {
    match take(number) {
        Some(Object::Waiting(pending)) => Ok(pending),
        _ => Err(ended()),
    }
}

/// Calls `then` with a request that has a valid signature.
pub(crate) fn with_proven<T>(number: u32, then: impl FnOnce(&Proven) -> T) -> Result<T> {
    get(number, |object| if let Object::Proven(proven) = object { Some(then(proven)) } else { None })
}

/// Removes and returns a request that has a valid signature.
pub(crate) fn take_proven(number: u32) -> Result<Box<Proven>> {
    match take(number) {
        Some(Object::Proven(proven)) => Ok(proven),
        _ => Err(ended()),
    }
}

fn ended() -> Error {
    Code::State.error("this object has ended, or is of another kind")
}
