"""Stores the body of a request during verification."""

from __future__ import annotations

from typing import Final

BLOCK_BYTES: Final = 65_536


class Blocks:
    """Stores a body in blocks. Small parts are combined, because every `bytes` object has a memory
    overhead.

    The memory is at most twice the size of the body, plus one block.
    """

    __slots__ = ("_block", "_blocks")

    def __init__(self) -> None:
        """Creates an empty collection."""
        self._block = bytearray()
        self._blocks: list[bytes] = []

    def append(self, piece: bytes) -> None:
        """Adds the next part of the body. A part that is at least as large as a block is stored without
        copying."""
        if not self._block and len(piece) >= BLOCK_BYTES:
            self._blocks.append(bytes(piece))
            return
        self._block += piece
        if len(self._block) >= BLOCK_BYTES:
            self._close_block()

    def take(self) -> list[bytes]:
        """Removes all blocks and returns them."""
        if self._block:
            self._close_block()
        blocks, self._blocks = self._blocks, []
        return blocks

    def _close_block(self) -> None:
        self._blocks.append(bytes(self._block))
        self._block = bytearray()
