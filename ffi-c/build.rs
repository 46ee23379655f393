//! Sets the SONAME of the shared library. Plain cargo sets none, so all releases would appear compatible.

/// Incremented if a symbol is removed, or a structure or its meaning changes. Equal to `SEALWIRE_ABI_VERSION`
/// in the header.
const ABI_VERSION: u32 = 0;

fn main() {
    println!("cargo::rustc-env=SEALWIRE_ABI_VERSION={ABI_VERSION}");
    let linker_knows_sonames = std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux");
    if linker_knows_sonames {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libsealwire.so.{ABI_VERSION}");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
