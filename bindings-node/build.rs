//! Configures the linker: Node.js provides its API symbols when it loads the addon.

fn main() {
    napi_build::setup();
}
