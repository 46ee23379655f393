// Random bytes. They are requested at the first use, because Workers forbid random values while a module loads.

const BYTES = 16;
const DRAWN = 64 * BYTES;

let drawn = new Uint8Array(0);
let used = 0;

// The random bytes of one nonce, or of the key of a table.
export function random() {
  if (used + BYTES > drawn.length) {
    drawn = crypto.getRandomValues(new Uint8Array(DRAWN));
    used = 0;
  }
  const bytes = drawn.slice(used, used + BYTES);
  drawn.fill(0, used, used + BYTES);
  used += BYTES;
  return bytes;
}

// Discards the bytes that were requested in advance.
export function discardNonces() {
  used = drawn.length;
  drawn.fill(0);
}
