"""Writes files atomically. New files are accessible only to their owner, because they contain secrets."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from sealwire._errors import ConfigError

OWNER_ONLY: Final = 0o600


def write_private(path: Path, text: str) -> None:
    """Atomically writes a file that only its owner can access."""
    replace(path, text, OWNER_ONLY)


def rewrite(path: Path, text: str) -> None:
    """Atomically replaces a file. The file's permissions are preserved, so that a service can still read
    it."""
    replace(path, text, stat.S_IMODE(path.stat().st_mode))


def replace(path: Path, text: str, permissions: int) -> None:
    """Writes a temporary file, syncs it to disk and renames it. Readers see the complete old file or the
    complete new file, even after a crash."""
    target = path.resolve()  # replaces the target of a symbolic link, not the link
    if target.exists() and not target.is_file():
        raise ConfigError(f"{path} is not a file")
    handle, fresh = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")  # created with mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(fresh, permissions)
        keep_owner(target, fresh)
        os.replace(fresh, target)
    except BaseException:
        os.unlink(fresh)
        raise
    sync_directory(target.parent)


def keep_owner(target: Path, fresh: str) -> None:
    """Gives the new file the owner of the old file, so that the service can still read a file that an
    operator changed as root."""
    if os.name == "posix" and target.exists():
        found = target.stat()
        if (found.st_uid, found.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(fresh, found.st_uid, found.st_gid)


def sync_directory(directory: Path) -> None:
    """Syncs a directory to disk, so that a rename is not lost in a crash. Windows does not support this."""
    if os.name != "posix":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refuse_overwrite(path: Path, force: bool) -> None:
    """Raises `ConfigError` if the file exists, unless `force` is true."""
    if path.exists() and not force:
        raise ConfigError(f"{path} exists; choose another file, or pass --force to overwrite its keys")
