//! Opening the file, or making it.

use super::error::{MappedError, Problem};
use super::header::{HEADER_BYTES, Header, file_bytes};
use rustix::fs::{FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Rounds of "absent: create it; created meanwhile: open it". Processes that start at once need a second one, and more while an
/// unfit file is replaced.
const ROUNDS: usize = 64;
/// A file still being made belongs to a process that was killed if it is this old.
const ABANDONED_S: i64 = 3600;
const BEING_MADE: &str = ".new";

/// A file that passed all checks.
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) header: Header,
    pub(super) slots: usize,
}

/// How many slots a file has to have.
#[derive(Clone, Copy)]
pub(super) enum Size {
    /// The number that all processes must use.
    Exactly(usize),
    /// The number for the default file, which may be larger, and is replaced where it is unfit and not in use.
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

/// Opens the table at `path`, or creates one of `size` there.
pub(super) fn open_or_create(path: &Path, size: Size, now_s: u64) -> Result<Opened, MappedError> {
    let attempt = || {
        let mut last = Problem::Io("creating it", ErrorKind::NotFound.into());
        for _ in 0..ROUNDS {
            match open(path, size) {
                Ok(Some(opened)) => return Ok(opened),
                Ok(None) => {} // deleted or replaced while it was opened
                Err(Problem::Io(_, error)) if error.kind() == ErrorKind::NotFound => {
                    create(path, size.slots(), now_s)?;
                }
                // In use: by a running worker, or by another one that is just about to replace it.
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

/// Waits 1 to 16 milliseconds, at random, so that processes that replace an unfit file at once do not meet again and again.
fn back_off() {
    let mut random = [0; 1];
    let _fixed = getrandom::fill(&mut random);
    std::thread::sleep(Duration::from_millis(1 + u64::from(random[0] % 16)));
}

/// `None` for a file that has no name any more.
fn open(path: &Path, size: Size) -> Result<Option<Opened>, Problem> {
    // NONBLOCK: opening a pipe must not wait for its other end. For a plain file it changes nothing.
    let flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let opened = rustix::fs::open(path, flags, Mode::empty());
    let mut file = File::from(opened.map_err(|error| match error {
        Errno::LOOP | Errno::ISDIR | Errno::NXIO => Problem::NotAFile,
        _ => Problem::Io("opening it", error.into()),
    })?);
    if let Err(problem) = check_access(&inspect(&file)?) {
        // Advice on the permissions of a table would be wrong for any other file.
        let is_another_file = matches!(problem, Problem::Mode(_) | Problem::Owner(_))
            && matches!(read_header(&mut file), Err(Problem::NotATable));
        return Err(if is_another_file { Problem::NotATable } else { problem });
    }
    let length = inspect(&file)?.len();
    let checked = read_header(&mut file).and_then(|header| Ok((check_size(&header, length, size)?, header)));
    match checked {
        // Checked before the shared lock is taken, so that only processes that use the file hold one.
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

/// Takes the shared lock. `None` for a file that another process replaces. On a file system without locks the table works as well:
/// nobody gets the exclusive lock there either.
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

/// Whether no other process holds the file, by a lock that keeps others from opening it until `file` is closed.
/// If a lock is released and taken again, another process may have replaced the file: then it has no name any
/// more.
fn is_unused(file: &File) -> bool {
    let locked = rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive).is_ok();
    locked && file.metadata().is_ok_and(|metadata| metadata.nlink() > 0)
}

/// A user who can write the file can make requests be accepted twice. A user who can read it can choose buckets
/// to fill.
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

/// Makes the file under another name and links it to its own when it is whole. A link never replaces: of processes that start
/// at once, one makes the table and the others find it.
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
        // Another process that starts at the same time may have removed the name already.
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(Problem::Io("removing its temporary name", error));
        }
        _ => {}
    }
    sweep(path, |other| now_s.cast_signed().saturating_sub(other.mtime()) > ABANDONED_S);
    Ok(())
}

/// Writes every byte, zeros too: a disk that is full shows now, as an error, and not later as a fatal signal on first use.
fn write_whole(path: &Path, header: Header, slots: usize) -> Result<(), Problem> {
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(&header.to_bytes())?;
        io::copy(&mut io::repeat(0).take(file_bytes(slots) - HEADER_BYTES as u64), &mut file)?;
        file.sync_all()
    };
    write().map_err(|error: io::Error| match error.kind() {
        // The caller takes "not found" for a file still to be made; here it is the directory.
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

/// `.name.0123456789abcdef.new` in the same directory.
fn beside(path: &Path, random: u64) -> Option<PathBuf> {
    let name = prefix(path)? + &format!("{random:016x}{BEING_MADE}");
    Some(path.with_file_name(name))
}

fn prefix(path: &Path) -> Option<String> {
    Some(format!(".{}.", path.file_name()?.to_str()?))
}

/// Removes what processes killed while making this file left behind. In vain is in order: it only takes up room.
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
