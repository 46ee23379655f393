//! Where the file lies when nobody says.

use super::error::{MappedError, Problem};
use std::fs::DirBuilder;
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

/// The file for `service` in this user's runtime directory, which is created if absent.
///
/// The first of these that applies: `$RUNTIME_DIRECTORY` (systemd's, already the service's own), `$XDG_RUNTIME_DIR/sealwire`,
/// `/run/sealwire` for root, and else `sealwire-<user id>` in the directory for temporary files.
///
/// # Errors
/// The service name makes no file name, or the directory cannot be made or is open to others.
pub fn default_path(service: &str) -> Result<PathBuf, MappedError> {
    let directory = directory();
    let path = directory.join(format!("{service}.replay"));
    if !is_file_name(service) {
        return Err(MappedError::new(&path, Problem::ServiceName));
    }
    secure(&directory).map_err(|problem| MappedError::new(&directory, problem))?;
    Ok(path)
}

fn is_file_name(service: &str) -> bool {
    let plain = service.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    plain && (1..=64).contains(&service.len()) && !service.starts_with(['.', '-'])
}

fn directory() -> PathBuf {
    let absolute = |variable| std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let user = rustix::process::geteuid();
    // systemd joins several directories by colons; the first is as good as any.
    let of_systemd = std::env::var("RUNTIME_DIRECTORY").ok();
    let of_systemd =
        of_systemd.and_then(|all| all.split(':').next().map(PathBuf::from)).filter(|path| path.is_absolute());
    of_systemd
        .or_else(|| absolute("XDG_RUNTIME_DIR").map(|path| path.join("sealwire")))
        .or_else(|| (user.is_root() && cfg!(target_os = "linux")).then(|| PathBuf::from("/run/sealwire")))
        .unwrap_or_else(|| std::env::temp_dir().join(format!("sealwire-{}", user.as_raw())))
}

/// Makes the directory for its owner alone, or checks that it is the owner's: in one that others can write, a file can be
/// swapped for another between two starts.
fn secure(directory: &Path) -> Result<(), Problem> {
    match DirBuilder::new().mode(0o700).create(directory) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(Problem::Io("creating the directory", error));
        }
        _ => (),
    }
    let metadata =
        directory.symlink_metadata().map_err(|error| Problem::Io("inspecting the directory", error))?;
    if !metadata.is_dir() {
        return Err(Problem::NotAFile);
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(Problem::Owner(metadata.uid()));
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(Problem::Mode(metadata.mode()));
    }
    Ok(())
}
