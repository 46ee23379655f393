// Provides random bytes. They are requested on first use, because Workers do not provide random values while a module is being
// loaded.

const BYTES = 16;
const DRAWN = 64 * BYTES;

let drawn = new Uint8Array(0);
let used = 0;

// Returns the random bytes for one nonce, or for the key of a replay table.
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

// Discards the random bytes that were requested in advance.
export function discardNonces() {
  used = drawn.length;
  drawn.fill(0);
}
