'use strict';

const { brandOf, handleOf } = require('./brands.js');

const KEYS = brandOf('LoadedKeys');

// The keys that were loaded from a file. They are stored in native memory, because strings cannot be wiped in JavaScript.
class LoadedKeys {
  #ring;

  constructor(ring) {
    this.#ring = ring;
  }

  // Returns the native handle for KeyRing, or undefined for other objects.
  static handle(keys) {
    return handleOf(keys, KEYS);
  }

  [KEYS]() {
    return this.#ring;
  }
}

module.exports = { LoadedKeys };
