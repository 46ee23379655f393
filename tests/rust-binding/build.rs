//! Copies the documented programs with a different address, so that tests can run them on free ports.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::var("OUT_DIR")?;
    println!("cargo::rerun-if-changed=documented");
    for entry in std::fs::read_dir("documented")? {
        let path = entry?.path();
        let text = std::fs::read_to_string(&path)?
            .replace("\"http://127.0.0.1:8000\"", "&format!(\"http://{}\", std::env::var(\"ADDRESS\")?)")
            .replace("\"127.0.0.1:8000\"", "std::env::var(\"ADDRESS\")?");
        std::fs::write(Path::new(&out).join(path.file_name().ok_or("a file")?), text)?;
    }
    Ok(())
}
