"""Files that contain secrets: accessible to the owner only, and written atomically."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from sealwire._errors import ConfigError

OWNER_ONLY: Final = 0o600


def write_private(path: Path, text: str) -> None:
    """Writes a file atomically, with access for its owner only."""
    replace(path, text, OWNER_ONLY)


def rewrite(path: Path, text: str) -> None:
    """Replaces a file and keeps its permissions, so that a service can still read it."""
    replace(path, text, stat.S_IMODE(path.stat().st_mode))


def replace(path: Path, text: str, permissions: int) -> None:
    """Writes a temporary file, syncs it and renames it, so readers see either the old or the new file, even
    after a crash."""
    target = path.resolve()  # keeps a symbolic link
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
    """Preserves the owner, so that the service can read the file after an operator changed it as root."""
    if os.name == "posix" and target.exists():
        found = target.stat()
        if (found.st_uid, found.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(fresh, found.st_uid, found.st_gid)


def sync_directory(directory: Path) -> None:
    """Syncs the directory, so that the rename is durable. Windows does not support this."""
    if os.name != "posix":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refuse_overwrite(path: Path, force: bool) -> None:
    """Raises an error if the file already contains keys."""
    if path.exists() and not force:
        raise ConfigError(f"{path} exists; choose another file, or pass --force to overwrite its keys")
