//! An allocator with nothing to give: the `alloc` feature must link without std as well, and what links is all
//! that is asked here.

use core::alloc::{GlobalAlloc, Layout};

struct NoMemory;

// SAFETY: a null answer is always allowed, and no pointer handed to `dealloc` can have come from here.
unsafe impl GlobalAlloc for NoMemory {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        core::ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static NO_MEMORY: NoMemory = NoMemory;
