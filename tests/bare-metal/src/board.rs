//! The entry point for the emulated board, output through Arm semihosting, and the measurement of stack use.

use core::arch::asm;
use core::panic::PanicInfo;

const STACK: *mut u32 = 0x2000_0000 as *mut u32;
const STACK_WORDS: usize = 64 * 1024 / 4;
/// The number of words at the end of the stack that `reset` may already use. `reset` does not paint them.
const IN_USE: usize = 256;
const PAINT: u32 = 0xA5A5_A5A5;

const WRITE_TEXT: u32 = 0x04;
const EXIT: u32 = 0x18;
const EXIT_RIGHT: u32 = 0x2_0026;
const EXIT_WRONG: u32 = 0x2_0023;

#[unsafe(link_section = ".reset")]
#[used]
static RESET: unsafe extern "C" fn() -> ! = reset;

#[unsafe(no_mangle)]
unsafe extern "C" fn reset() -> ! {
    for at in 0..STACK_WORDS - IN_USE {
        // SAFETY: the linker script reserves this memory for the stack, and no stack frame uses it yet.
        unsafe { STACK.add(at).write_volatile(PAINT) };
    }
    crate::main()
}

/// Returns the number of stack bytes that were used, which is at most one kilobyte too high.
pub fn stack_used() -> u32 {
    // SAFETY: the linker script reserves this memory for the stack.
    let untouched =
        (0..STACK_WORDS).take_while(|at| unsafe { STACK.add(*at).read_volatile() } == PAINT).count();
    (STACK_WORDS - untouched) as u32 * 4
}

pub fn say(text: &str) {
    let mut line = [0_u8; 64];
    for (slot, byte) in line.iter_mut().take(63).zip(text.bytes()) {
        *slot = byte;
    }
    call(WRITE_TEXT, line.as_ptr() as u32);
}

/// Prints a space, the number and a line break.
pub fn say_number(mut number: u32) {
    let mut line = [b' '; 13];
    line[11..].copy_from_slice(b"\n\0");
    for slot in line[1..11].iter_mut().rev() {
        if number > 0 {
            *slot = b'0' + (number % 10) as u8;
            number /= 10;
        }
    }
    call(WRITE_TEXT, line.as_ptr() as u32);
}

pub fn end(right: bool) -> ! {
    call(EXIT, if right { EXIT_RIGHT } else { EXIT_WRONG });
    loop {}
}

fn call(operation: u32, argument: u32) {
    // SAFETY: the emulator handles this breakpoint, and does not write to memory for these two operations.
    unsafe { asm!("bkpt 0xAB", inout("r0") operation => _, in("r1") argument, options(nostack)) };
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    say("FAILED: panicked\n");
    end(false)
}
