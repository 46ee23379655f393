//! Gives the shared library its SONAME: plain cargo sets none, and without one every release would look compatible.

/// Raised when a symbol goes, or a structure or a meaning changes. `SEALWIRE_ABI_VERSION` in the header is the same number.
const ABI_VERSION: u32 = 0;

fn main() {
    println!("cargo::rustc-env=SEALWIRE_ABI_VERSION={ABI_VERSION}");
    let linker_knows_sonames = std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux");
    if linker_knows_sonames {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libsealwire.so.{ABI_VERSION}");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
