//! Opens and creates replay files.

use super::error::{MappedError, Problem};
use super::header::{HEADER_BYTES, Header, file_bytes};
use rustix::fs::{FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The maximum number of attempts to open or create a file. Processes that start at the same time may need a
/// second attempt, and more attempts if they replace an incompatible file.
const ROUNDS: usize = 64;
/// The age in seconds at which a temporary file is removed. It is long enough that the process that created
/// the file no longer needs it.
const ABANDONED_S: i64 = 3600;
const BEING_MADE: &str = ".new";

/// An open file that passed all checks.
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) header: Header,
    pub(super) slots: usize,
}

/// The required number of slots.
#[derive(Clone, Copy)]
pub(super) enum Size {
    /// The file must have exactly this number of slots.
    Exactly(usize),
    /// The file must have at least this number of slots. An incompatible file is replaced if no process uses
    /// it.
    AtLeast(usize),
}

impl Size {
    const fn slots(self) -> usize {
        match self {
            Self::Exactly(slots) | Self::AtLeast(slots) => slots,
        }
    }

    const fn fits(self, found: usize) -> bool {
        match self {
            Self::Exactly(slots) => found == slots,
            Self::AtLeast(slots) => found >= slots,
        }
    }
}

/// Opens the replay file at `path`, or creates it if it does not exist.
pub(super) fn open_or_create(path: &Path, size: Size, now_s: u64) -> Result<Opened, MappedError> {
    let attempt = || {
        let mut last = Problem::Io("creating it", ErrorKind::NotFound.into());
        for _ in 0..ROUNDS {
            match open(path, size) {
                Ok(Some(opened)) => return Ok(opened),
                Ok(None) => {} // the file was deleted or replaced in the meantime
                Err(Problem::Io(_, error)) if error.kind() == ErrorKind::NotFound => {
                    create(path, size.slots(), now_s)?;
                }
                // A running worker uses the file, or another process is about to replace it.
                Err(unfit @ (Problem::Slots { .. } | Problem::Version(_)))
                    if matches!(size, Size::AtLeast(_)) =>
                {
                    last = unfit;
                    back_off();
                }
                Err(problem) => return Err(problem),
            }
        }
        Err(last)
    };
    attempt().map_err(|problem| MappedError::new(path, problem))
}

/// Waits for a random time of 1 to 16 milliseconds, so that processes that replace the same file do not
/// conflict repeatedly.
fn back_off() {
    let mut random = [0; 1];
    let _fixed = getrandom::fill(&mut random);
    std::thread::sleep(Duration::from_millis(1 + u64::from(random[0] % 16)));
}

/// Opens the file at `path`. Returns `None` if the file was deleted or replaced during the call.
fn open(path: &Path, size: Size) -> Result<Option<Opened>, Problem> {
    // `NONBLOCK` prevents the call from blocking if the path is a pipe. It has no effect on regular files.
    let flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let opened = rustix::fs::open(path, flags, Mode::empty());
    let mut file = File::from(opened.map_err(|error| match error {
        Errno::LOOP | Errno::ISDIR | Errno::NXIO => Problem::NotAFile,
        _ => Problem::Io("opening it", error.into()),
    })?);
    if let Err(problem) = check_access(&inspect(&file)?) {
        // A message about permissions is only useful for a replay table, so any other file is reported as
        // `NotATable`.
        let is_another_file = matches!(problem, Problem::Mode(_) | Problem::Owner(_))
            && matches!(read_header(&mut file), Err(Problem::NotATable));
        return Err(if is_another_file { Problem::NotATable } else { problem });
    }
    let length = inspect(&file)?.len();
    let checked = read_header(&mut file).and_then(|header| Ok((check_size(&header, length, size)?, header)));
    match checked {
        // This process has not acquired the shared lock yet, so if the file is locked, another process uses
        // it.
        Err(Problem::Slots { .. } | Problem::Version(_))
            if matches!(size, Size::AtLeast(_)) && is_unused(&file) =>
        {
            std::fs::remove_file(path).map_err(|error| Problem::Io("replacing it", error))?;
            Ok(None)
        }
        Err(problem) => Err(problem),
        Ok((slots, header)) => hold(path, Opened { file, header, slots }),
    }
}

/// Acquires the shared lock. Returns `None` if another process is replacing the file. On file systems without
/// lock support, the file is used without a lock. This is safe because no process can replace the file there:
/// replacing requires the exclusive lock.
fn hold(path: &Path, opened: Opened) -> Result<Option<Opened>, Problem> {
    let locked = rustix::fs::flock(&opened.file, FlockOperation::NonBlockingLockShared);
    let metadata = inspect(&opened.file)?;
    if locked == Err(Errno::WOULDBLOCK) || metadata.nlink() == 0 {
        back_off();
        return Ok(None);
    }
    if metadata.nlink() > 1 {
        sweep(path, |other| other.ino() == metadata.ino());
    }
    Ok(Some(opened))
}

fn inspect(file: &File) -> Result<Metadata, Problem> {
    file.metadata().map_err(|error| Problem::Io("inspecting it", error))
}

/// Returns `true` if no other process uses the file. The acquired exclusive lock prevents other processes
/// from using the file until `file` is closed. The link count is 0 if another process replaced the file
/// before the lock was acquired.
fn is_unused(file: &File) -> bool {
    let locked = rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive).is_ok();
    locked && file.metadata().is_ok_and(|metadata| metadata.nlink() > 0)
}

/// Checks the owner and the mode of the file. Another user with write access could remove nonces and then
/// replay requests. Another user with read access could read the hash key and fill selected buckets of the
/// table.
fn check_access(metadata: &Metadata) -> Result<(), Problem> {
    if !metadata.is_file() {
        return Err(Problem::NotAFile);
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(Problem::Owner(metadata.uid()));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(Problem::Mode(metadata.mode()));
    }
    Ok(())
}

fn read_header(file: &mut File) -> Result<Header, Problem> {
    let mut bytes = [0; HEADER_BYTES];
    match file.read_exact(&mut bytes) {
        Ok(()) => Header::parse(&bytes),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(Problem::NotATable),
        Err(error) => Err(Problem::Io("reading it", error)),
    }
}

fn check_size(header: &Header, length: u64, size: Size) -> Result<usize, Problem> {
    let found = usize::try_from(header.slots).ok().filter(|found| file_bytes(*found) == length);
    let found = found.ok_or(Problem::Length(length))?;
    if size.fits(found) {
        Ok(found)
    } else {
        Err(Problem::Slots { found: header.slots, wanted: size.slots() as u64 })
    }
}

/// Creates a file under a temporary name and links it to `path` once it is complete. Linking never replaces
/// an existing file, so if several processes start at the same time, one of them creates the table and the
/// others open it.
fn create(path: &Path, slots: usize, now_s: u64) -> Result<(), Problem> {
    let mut header = Header { slots: slots as u64, created_s: now_s, key: [0; 16] };
    let mut name = [0; 8];
    let drawn = getrandom::fill(&mut header.key).and_then(|()| getrandom::fill(&mut name));
    drawn.map_err(|error| Problem::Io("drawing its key", io::Error::other(error.to_string())))?;

    let being_made = beside(path, u64::from_ne_bytes(name)).ok_or(Problem::NotAFile)?;
    let made = write_whole(&being_made, header, slots).and_then(|()| link(&being_made, path));
    let removed = std::fs::remove_file(&being_made);
    made?;
    match removed {
        // Another process may already have removed the temporary name.
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(Problem::Io("removing its temporary name", error));
        }
        _ => {}
    }
    sweep(path, |other| now_s.cast_signed().saturating_sub(other.mtime()) > ABANDONED_S);
    Ok(())
}

/// Writes all bytes of the file, including the zero bytes, so that a full disk is reported as an error here.
/// With a sparse file, a process would receive a fatal signal later, when it uses the table.
fn write_whole(path: &Path, header: Header, slots: usize) -> Result<(), Problem> {
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(&header.to_bytes())?;
        io::copy(&mut io::repeat(0).take(file_bytes(slots) - HEADER_BYTES as u64), &mut file)?;
        file.sync_all()
    };
    write().map_err(|error: io::Error| match error.kind() {
        // `NotFound` means that the directory is missing. It is returned as another kind of error, because
        // the caller interprets `NotFound` as a missing file.
        ErrorKind::NotFound => {
            Problem::Io("creating it", io::Error::other("its directory does not exist; create it"))
        }
        _ => Problem::Io("creating it", error),
    })
}

fn link(being_made: &Path, path: &Path) -> Result<(), Problem> {
    match std::fs::hard_link(being_made, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(Problem::Io("linking it", error)),
        _ => Ok(()),
    }
}

/// Returns the path of a temporary file in the same directory, such as `.name.0123456789abcdef.new`.
fn beside(path: &Path, random: u64) -> Option<PathBuf> {
    let name = prefix(path)? + &format!("{random:016x}{BEING_MADE}");
    Some(path.with_file_name(name))
}

fn prefix(path: &Path) -> Option<String> {
    Some(format!(".{}.", path.file_name()?.to_str()?))
}

/// Removes temporary files that were left behind by processes killed while creating this file. Errors are
/// ignored, because these files only take up disk space.
fn sweep(path: &Path, abandoned: impl Fn(&Metadata) -> bool) {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Some(prefix), Ok(entries)) = (prefix(path), std::fs::read_dir(directory)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(&prefix) && name.ends_with(BEING_MADE));
        if ours && entry.metadata().is_ok_and(|metadata| abandoned(&metadata)) {
            let _in_vain = std::fs::remove_file(entry.path());
        }
    }
}
