"""Collects the body of a request during verification."""

from __future__ import annotations

from typing import Final

BLOCK_BYTES: Final = 65_536


class Blocks:
    """Collects a body in blocks, so that a body in tiny pieces needs little more memory than its size.

    It uses at most twice the size of the received bytes, plus one block.
    """

    __slots__ = ("_block", "_blocks")

    def __init__(self) -> None:
        """Creates an empty collection."""
        self._block = bytearray()
        self._blocks: list[bytes] = []

    def append(self, piece: bytes) -> None:
        """Adds the next part. Parts of at least the size of a block are stored without copying."""
        if not self._block and len(piece) >= BLOCK_BYTES:
            self._blocks.append(bytes(piece))
            return
        self._block += piece
        if len(self._block) >= BLOCK_BYTES:
            self._close_block()

    def take(self) -> list[bytes]:
        """Returns the blocks and removes them."""
        if self._block:
            self._close_block()
        blocks, self._blocks = self._blocks, []
        return blocks

    def _close_block(self) -> None:
        self._blocks.append(bytes(self._block))
        self._block = bytearray()
