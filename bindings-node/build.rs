//! Configures the linker: Node.js provides the symbols of its API when it loads the addon.

fn main() {
    napi_build::setup();
}
