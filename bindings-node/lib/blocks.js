'use strict';

const FIRST_BYTES = 1024;
const BLOCK_BYTES = 64 * 1024;

// Collects chunks of a body by copying them into blocks. A chunk from a socket keeps the socket's complete read buffer in
// memory. A list of small chunks could therefore use hundreds of bytes of memory for each byte of the body.
class Blocks {
  #full = [];
  #block = Buffer.alloc(0);
  #used = 0;
  #total = 0;

  get length() {
    return this.#total;
  }

  push(chunk) {
    for (let at = 0; at < chunk.length; ) {
      if (this.#used === this.#block.length) this.#grow();
      const copied = Math.min(chunk.length - at, this.#block.length - this.#used);
      this.#block.set(chunk.subarray(at, at + copied), this.#used);
      this.#used += copied;
      at += copied;
    }
    this.#total += chunk.length;
  }

  // Returns the bytes in a single buffer and releases the blocks.
  joined() {
    const parts = [...this.#full, this.#block.subarray(0, this.#used)];
    this.#full = [];
    this.#block = Buffer.alloc(0);
    this.#used = 0;
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }

  // Allocates the next block. The block size doubles up to a maximum, so that small bodies need little memory.
  #grow() {
    if (this.#used > 0) this.#full.push(this.#block);
    const bytes = Math.min(BLOCK_BYTES, Math.max(FIRST_BYTES, this.#block.length * 2));
    this.#block = Buffer.allocUnsafeSlow(bytes);
    this.#used = 0;
  }
}

module.exports = { Blocks };
