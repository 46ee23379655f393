'use strict';

// The keys of a file, which stay in native memory: JavaScript cannot wipe strings.
class LoadedKeys {
  #ring;

  constructor(ring) {
    this.#ring = ring;
  }

  // For KeyRing. Undefined for anything else.
  static handle(keys) {
    return typeof keys === 'object' && keys && #ring in keys ? keys.#ring : undefined;
  }
}

module.exports = { LoadedKeys };
