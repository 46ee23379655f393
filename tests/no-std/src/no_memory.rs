//! An allocator that always fails. The feature `alloc` must link without std; this test does not run it.

use core::alloc::{GlobalAlloc, Layout};

struct NoMemory;

// SAFETY: null is always an allowed result, and `dealloc` is never called with a pointer from this allocator.
unsafe impl GlobalAlloc for NoMemory {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        core::ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static NO_MEMORY: NoMemory = NoMemory;
