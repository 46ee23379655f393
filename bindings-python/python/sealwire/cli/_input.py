"""Reads the files and the standard input of commands, up to a limit, because a device or a pipe can be endless."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO, Final

from sealwire._errors import ConfigError

MIB: Final = 1 << 20
# The largest capture, log or settings file that is read, in bytes.
MAX_BYTES: Final = 16 * MIB
# The largest body that is signed, in bytes. A body is signed as a whole, so it must fit in memory.
MAX_BODY_BYTES: Final = 1024 * MIB
# The last part of a log file in which the last line must start, in bytes.
MAX_LINE_BYTES: Final = MIB


def content_of(file: Path, argument: str, most: int = MAX_BYTES) -> bytes:
    """Returns the content of a file. `-` is standard input. Raises `ConfigError` with the name of the argument if
    the content has more than `most` bytes."""
    if str(file) == "-":
        return limited(sys.stdin.buffer, argument, "standard input", most)
    with file.open("rb") as stream:
        return limited(stream, argument, str(file), most)


def limited(stream: BinaryIO, argument: str, name: str, most: int = MAX_BYTES) -> bytes:
    """Reads a stream to its end."""
    content = stream.read(most + 1)
    if len(content) > most:
        raise ConfigError(
            f"{argument}: {name} has more than {most // MIB} MiB; pass only the part that the command needs"
        )
    return content


def last_line_of(file: Path, argument: str) -> str:
    """Returns the last line of a file that is not empty. Of a regular file, only the end is read."""
    with file.open("rb") as stream:
        before = start_of_end(stream)
        if before:
            stream.seek(before)
        content = stream.read(MAX_LINE_BYTES) if before else limited(stream, argument, str(file))
    lines = content.rstrip().splitlines()
    if before and len(lines) <= 1:
        raise ConfigError(
            f"{argument}: the last line of {file} has more than {MAX_LINE_BYTES // MIB} MiB; pass a single log line"
        )
    return lines[-1].strip().decode("utf-8", "replace") if lines else ""


def start_of_end(stream: BinaryIO) -> int:
    """Returns the offset of the last part of a large regular file, or 0."""
    status = os.fstat(stream.fileno())
    return max(status.st_size - MAX_LINE_BYTES, 0) if stat.S_ISREG(status.st_mode) else 0
