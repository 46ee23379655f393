'use strict';

const { failure, warnOnce } = require('./errors.js');
const native = require('./native.js');

const { unknownSender } = native.catalog();

const TTL_MS = 60_000;
// The lifetime of a cached result for an unknown sender. Without this cache, each request from an unknown sender would cause a
// lookup.
const MISS_MS = 10_000;
const MAX_MISSES = 10_000;

// Keys that an application looks up by sender name, for example in a database. They are added to the configured keys. They are
// removed after `lookUpTtlMs`, and must then be looked up again.
class KeyLookup {
  #lookUp;
  #given;
  #ttlMs;
  #found = new Map();
  #misses = new Map();
  #running = new Map();

  constructor({ lookUpKeys, lookUpTtlMs = TTL_MS, clients = {}, keys, verifier, allowWeak = false }) {
    if (keys !== undefined || verifier !== undefined) {
      throw failure(
        'CONFIG',
        'lookUpKeys: pass clients beside it, not keys or verifier, because it adds keys to them',
      );
    }
    this.#lookUp = lookUpKeys;
    this.#ttlMs = lookUpTtlMs;
    this.#given = { clients, allowWeak };
  }

  // Looks up the keys of a rejected request's sender. Resolves to true if new keys were added to the key ring.
  async find({ code, sender, scheme }, ring) {
    if (code !== unknownSender || sender === '' || this.#misses.get(sender) > Date.now()) return false;
    const running = this.#running.get(sender) ?? this.#ask(sender, scheme, ring);
    this.#running.set(sender, running);
    return running.finally(() => this.#running.delete(sender));
  }

  // Removes the keys that must be looked up again.
  expire(ring) {
    const before = this.#found.size;
    for (const [sender, { until }] of this.#found) {
      if (until > Date.now()) break; // the entries are sorted by time, so the remaining entries have not expired
      this.#found.delete(sender);
    }
    if (this.#found.size < before) this.#update(ring);
  }

  async #ask(sender, scheme, ring) {
    try {
      const keys = await this.#lookUp(sender, { scheme });
      if (keys === undefined || keys === null) return this.#missed(sender);
      this.#found.delete(sender);
      this.#found.set(sender, { keys, until: Date.now() + this.#ttlMs });
      this.#update(ring);
      return true;
    } catch (error) {
      this.#found.delete(sender);
      warnOnce('KEY_LOOKUP', `lookUpKeys failed, so the sender stays unknown: ${error?.message ?? error}`);
      return false;
    }
  }

  #missed(sender) {
    if (this.#misses.size >= MAX_MISSES) this.#misses.delete(this.#misses.keys().next().value);
    this.#misses.set(sender, Date.now() + MISS_MS);
    return false;
  }

  #update(ring) {
    const all = [this.#given, ...[...this.#found.values()].map(({ keys }) => keys)];
    const merge = (name) => Object.assign({}, ...all.map((keys) => keys[name]));
    ring.replace({ clients: merge('clients'), pairs: merge('pairs'), allowWeak: this.#given.allowWeak });
  }
}

module.exports = { KeyLookup };
