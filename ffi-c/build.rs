//! Sets the SONAME of the shared library. Cargo does not set a SONAME, so the linker could not detect an
//! incompatible release.

/// The ABI version. Increment it if a symbol is removed, or if a structure or the meaning of a function
/// changes. The header contains it as `SEALWIRE_ABI_VERSION`.
const ABI_VERSION: u32 = 0;

fn main() {
    println!("cargo::rustc-env=SEALWIRE_ABI_VERSION={ABI_VERSION}");
    let linker_knows_sonames = std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux");
    if linker_knows_sonames {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libsealwire.so.{ABI_VERSION}");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
