//! Links sealwire-core into a static library that has no std: the panic handler below is the only one allowed, so
//! a std that some dependency brings along is a compile error (E0152).
#![no_std]

#[cfg(feature = "planted-std")]
extern crate std;

#[cfg(feature = "alloc")]
mod no_memory;

use sealwire_core::Rejection;

/// Does something with core that the linker cannot leave out; 0 when it comes out right.
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_no_std_probe(number: u8) -> u32 {
    match Rejection::from_number(number) {
        Some(reason) => u32::from(reason.number() != number),
        None => 1,
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
