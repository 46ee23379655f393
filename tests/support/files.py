"""Changes files that running programs read."""

from pathlib import Path


def replace(path: Path, text: str) -> None:
    """Replaces a file atomically. A program that reads the file sees either the old or the new text."""
    aside = path.with_suffix(".new")
    aside.write_text(text)
    aside.replace(path)
