//! An allocator that always fails. The feature `alloc` cannot be linked without std unless the program
//! defines an allocator. No test allocates memory.

use core::alloc::{GlobalAlloc, Layout};

struct NoMemory;

// SAFETY: an allocator may always return null. `dealloc` is never called, because no pointer is ever returned.
unsafe impl GlobalAlloc for NoMemory {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        core::ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static NO_MEMORY: NoMemory = NoMemory;
