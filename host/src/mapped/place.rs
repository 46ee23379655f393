//! The default path of a replay file.

use super::error::{MappedError, Problem, Unusable};
use rustix::fs::Access;
use sealwire_core::replay::{Nonce, shared_key};
use std::fs::DirBuilder;
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

/// The parent of the per-user directories that logind removes when a user's last session ends. Services of
/// that user may still be running at that time.
const REMOVED_AT_LOGOUT: &str = "/run/user";

/// Returns the path of the default replay file for `service`. Creates its directory if it does not exist.
///
/// The file is in the first of these directories that can be used:
/// - `$RUNTIME_DIRECTORY`, which systemd sets
/// - `$XDG_RUNTIME_DIR/sealwire`, except below `/run/user`, which is removed at logout
/// - `/run/sealwire`, for root on Linux
/// - `sealwire-<user id>` in the directory for temporary files
///
/// # Errors
/// [`MappedError`] if the service name cannot be used as a file name, or if none of the directories can be
/// used.
pub fn default_path(service: &str) -> Result<PathBuf, MappedError> {
    let file = format!("{service}.replay");
    if !is_file_name(service) {
        return Err(MappedError::new(Path::new(&file), Problem::ServiceName));
    }
    first_usable(candidates(), &file)
}

/// Returns the name of a verifier's default table. This is the service name or, if the verifier has none, a
/// hash of the sorted sender names.
#[must_use]
pub fn default_name(service: &str, senders: impl IntoIterator<Item = String>) -> String {
    if is_file_name(service) {
        return service.to_owned();
    }
    if !service.is_empty() {
        return format!("service-{}", hash([service.to_owned()]));
    }
    let mut senders: Vec<_> = senders.into_iter().collect();
    senders.sort_unstable();
    senders.dedup();
    format!("clients-{}", hash(senders))
}

/// Returns a hash of the names, as 16 hexadecimal digits.
fn hash(names: impl IntoIterator<Item = String>) -> String {
    let joined = names.into_iter().map(|name| name + "\n").collect::<String>();
    let digest = shared_key(Nonce { sender: "default replay table", nonce: joined.as_bytes() });
    hex::encode(digest.first_chunk::<8>().copied().unwrap_or_default())
}

fn is_file_name(service: &str) -> bool {
    let plain = service.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    plain && (1..=64).contains(&service.len()) && !service.starts_with(['.', '-'])
}

fn candidates() -> Vec<PathBuf> {
    let user = rustix::process::geteuid();
    let absolute = |path: PathBuf| Some(path).filter(|path| path.is_absolute());
    // systemd separates multiple directories with colons.
    let of_systemd = std::env::var("RUNTIME_DIRECTORY").ok();
    let of_systemd = of_systemd.and_then(|all| all.split(':').next().map(PathBuf::from)).and_then(absolute);
    let of_user = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).and_then(absolute);
    let of_user =
        of_user.filter(|path| !path.starts_with(REMOVED_AT_LOGOUT)).map(|path| path.join("sealwire"));
    let of_root = (user.is_root() && cfg!(target_os = "linux")).then(|| PathBuf::from("/run/sealwire"));
    let temporary = std::env::temp_dir().join(format!("sealwire-{}", user.as_raw()));
    [of_systemd, of_user, of_root, Some(temporary)].into_iter().flatten().collect()
}

/// Returns the path of `file` in the first usable directory.
///
/// All workers must choose the same directory. Otherwise a request could be accepted once per directory. A
/// directory is therefore skipped only because of errors that occur in all workers, such as missing
/// permissions. All other errors, such as a full disk, are returned.
fn first_usable(directories: Vec<PathBuf>, file: &str) -> Result<PathBuf, MappedError> {
    let mut unusable = Vec::new();
    for directory in directories {
        match secure(&directory) {
            Ok(()) => return Ok(directory.join(file)),
            Err(Problem::Io(doing, error)) if !is_lasting(&error) => {
                return Err(MappedError::new(&directory, Problem::Io(doing, error)));
            }
            Err(problem) => unusable.push(Unusable { directory, problem: Box::new(problem) }),
        }
    }
    Err(MappedError::new(Path::new(file), Problem::NoDirectory(unusable)))
}

fn is_lasting(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::Unsupported
    )
}

/// Creates the directory so that only its owner has access. If it already exists, checks that no other user
/// can write to it, because another user could otherwise replace the replay file while the service is
/// stopped.
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
        return Err(Problem::NotADirectory);
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(Problem::Owner(metadata.uid()));
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(Problem::Mode(metadata.mode()));
    }
    rustix::fs::access(directory, Access::WRITE_OK | Access::EXEC_OK)
        .map_err(|error| Problem::Io("writing to the directory", error.into()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{default_name, first_usable};
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    #[test]
    fn the_default_name_does_not_depend_on_the_order_of_the_senders() {
        let of = |names: &[&str]| default_name("", names.iter().map(ToString::to_string));
        assert_eq!(default_name("orders", ["billing".to_owned()]), "orders");
        assert_eq!(of(&["a", "b"]), of(&["b", "a", "b"]));
        assert_ne!(of(&["a", "b"]), of(&["ab"]));
        assert_ne!(of(&["a"]), of(&["a", "b"]));
        assert_eq!(of(&["a"]).len(), "clients-".len() + 16);
        assert!(default_name("a/b", []).starts_with("service-"));
        assert_ne!(default_name("a/b", []), default_name("a b", []));
    }

    #[test]
    fn the_first_directory_that_can_be_used_is_chosen() {
        let held = tempfile::tempdir().unwrap();
        let open_to_others = held.path().join("open");
        std::fs::create_dir(&open_to_others).unwrap();
        std::fs::set_permissions(&open_to_others, std::fs::Permissions::from_mode(0o777)).unwrap();
        let a_file = held.path().join("file");
        std::fs::write(&a_file, "").unwrap();
        let good = held.path().join("good");
        let none = PathBuf::from("/proc/sealwire");

        let bad = vec![none, open_to_others, a_file.join("below"), a_file];
        let all = [bad.clone(), vec![good.clone()]].concat();
        assert_eq!(first_usable(all, "orders.replay").unwrap(), good.join("orders.replay"));

        let text = first_usable(bad.clone(), "orders.replay").unwrap_err().to_string();
        assert!(bad.iter().all(|directory| text.contains(directory.to_str().unwrap())), "{text}");
        assert!(text.contains("replay=\"heap\"") && text.contains("Redis"), "{text}");
    }
}
