'use strict';

// The keys in a file. They are in native memory, because JavaScript cannot wipe strings.
class LoadedKeys {
  #ring;

  constructor(ring) {
    this.#ring = ring;
  }

  // Returns the native handle for KeyRing, or undefined for other objects.
  static handle(keys) {
    return typeof keys === 'object' && keys && #ring in keys ? keys.#ring : undefined;
  }
}

module.exports = { LoadedKeys };
