//! Tests files that cannot be used as a replay table, and their error messages.

use crate::{SLOTS, in_new_directory, open};
use sealwire_host::mapped::{MappedError, MappedTable, Problem};
use std::fs::{File, Permissions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Opens an invalid file and returns the error. Also checks that the message contains the path, and that the
/// file was not changed.
fn refused(path: &Path) -> MappedError {
    let before = std::fs::read(path).ok();
    let error = MappedTable::open(path, SLOTS).unwrap_err();
    assert_eq!(error.path(), path);
    assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    assert_eq!(std::fs::read(path).ok(), before);
    error
}

fn overwrite(path: &Path, offset: u64, bytes: &[u8]) {
    let mut file = File::options().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(offset)).unwrap();
    file.write_all(bytes).unwrap();
}

#[test]
fn a_file_with_other_contents_is_rejected() {
    let (_directory, path) = in_new_directory();
    for content in [&b""[..], b"short", &[7; 8192]] {
        std::fs::write(&path, content).unwrap();
        // The permissions of a file that is not a table are not checked.
        for mode in [0o600, 0o644] {
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let error = refused(&path);
            assert!(matches!(error.problem(), Problem::NotATable), "{error}");
            assert!(!error.to_string().contains("chmod"), "{error}");
        }
    }
}

#[test]
fn another_layout_version_is_rejected() {
    let (_directory, path) = in_new_directory();
    drop(open(&path));
    overwrite(&path, 8, &9u64.to_ne_bytes());
    let error = refused(&path);
    assert!(matches!(error.problem(), Problem::Version(9)));
    assert!(
        error.to_string().ends_with("stop all workers that use it, delete it and start them again"),
        "{error}"
    );
}

#[test]
fn another_number_of_slots_is_rejected() {
    let (_directory, path) = in_new_directory();
    drop(MappedTable::open(&path, SLOTS * 2).unwrap());
    let error = refused(&path);
    assert!(error.to_string().contains("has 131072 slots and 65536 are configured"), "{error}");
}

#[test]
fn a_truncated_file_is_rejected() {
    let (_directory, path) = in_new_directory();
    drop(open(&path));
    File::options().write(true).open(&path).unwrap().set_len(5000).unwrap();
    assert!(matches!(refused(&path).problem(), Problem::Length(5000)));
}

#[test]
fn a_header_with_too_many_slots_is_rejected() {
    let (_directory, path) = in_new_directory();
    drop(open(&path));
    overwrite(&path, 16, &u64::MAX.to_ne_bytes());
    assert!(matches!(refused(&path).problem(), Problem::Length(_)));
}

#[test]
fn a_file_that_other_users_can_access_is_rejected() {
    let (_directory, path) = in_new_directory();
    drop(open(&path));
    for mode in [0o644, 0o660, 0o602] {
        std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        let error = refused(&path);
        assert!(error.to_string().contains(&format!("mode {mode:04o}")), "{error}");
    }
}

/// Only root can change the owner of a file, so this test does nothing for other users.
#[test]
fn a_file_of_another_user_is_rejected() {
    let (_directory, path) = in_new_directory();
    drop(open(&path));
    let given_away = std::os::unix::fs::chown(&path, Some(12_345), None).is_ok();
    assert_eq!(given_away, rustix::process::geteuid().is_root());
    if given_away {
        assert!(matches!(refused(&path).problem(), Problem::Owner(12_345)));
    }
}

#[test]
fn a_symbolic_link_to_a_valid_file_is_rejected() {
    let (directory, path) = in_new_directory();
    drop(open(&path));
    let link = directory.path().join("link.replay");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(matches!(refused(&link).problem(), Problem::NotAFile));
}

#[test]
fn directories_and_pipes_are_rejected() {
    let (directory, path) = in_new_directory();
    assert!(matches!(refused(directory.path()).problem(), Problem::NotAFile));
    assert!(std::process::Command::new("mkfifo").arg("-m600").arg(&path).status().unwrap().success());
    let error = MappedTable::open(&path, SLOTS).unwrap_err();
    assert!(matches!(error.problem(), Problem::NotAFile), "{error}");
}

#[test]
fn a_missing_directory_is_an_error() {
    let (directory, _) = in_new_directory();
    let error = refused(&directory.path().join("absent/practices.replay"));
    assert!(error.to_string().ends_with("its directory does not exist; create it"), "{error}");
}
