'use strict';

const { brandOf, handleOf, isUint8Array } = require('./brands.js');
const { checkSettings, CLASS } = require('./check-settings.js');
const { failure } = require('./errors.js');
const { LoadedKeys } = require('./loaded-keys.js');
const native = require('./native.js');

const KEY_RING = brandOf('KeyRing');
// For each key ring, the function that verifies connection strings. It is created on first use, because most key rings are not
// used for connection strings.
const tokenVerifiers = new WeakMap();

// Keys by name. If a key is invalid, the constructor and `replace` throw an error. `replace` replaces all keys at run time.
class KeyRing {
  #native;
  static [CLASS] = 'KeyRing';

  constructor(keys) {
    const loaded = LoadedKeys.handle(keys);
    this.#native = native.newRing(loaded ? { entries: [], allowWeak: false } : spec(keys));
    if (loaded) native.adoptRing(this.#native, loaded);
  }

  // Reads the pairs of `service` from the environment.
  static fromEnv(service, options = {}) {
    checkSettings('key_ring_from_env', options, 'KeyRing.fromEnv()');
    const { env = process.env, allowWeak = false } = options;
    if (typeof service !== 'string') throw failure('CONFIG', 'service: pass the name of the service first');
    return new KeyRing({ env, service, allowWeak });
  }

  replace(keys) {
    const loaded = LoadedKeys.handle(keys);
    if (loaded) native.adoptRing(this.#native, loaded);
    else native.replaceRing(this.#native, spec(keys));
  }

  status() {
    return native.ringStatus(this.#native);
  }

  // Returns the native handle, for use by other classes in this package.
  static handle(ring) {
    const handle = handleOf(ring, KEY_RING);
    if (handle === undefined) {
      throw failure(
        'CONFIG',
        'keys: pass a KeyRing, made with new KeyRing({...}) or KeyRing.fromEnv(service)',
      );
    }
    return handle;
  }

  [KEY_RING]() {
    return this.#native;
  }

  // Returns a key ring that the application adds keys to at run time.
  static growing(keys) {
    const ring = new KeyRing(keys);
    native.setGrowingRing(ring.#native);
    return ring;
  }

  static tokenVerifier(ring) {
    const handle = KeyRing.handle(ring);
    const known = tokenVerifiers.get(ring) ?? native.tokenVerifying(handle);
    tokenVerifiers.set(ring, known);
    return known;
  }
}

function spec(keys) {
  checkSettings('key_ring', keys, 'new KeyRing()');
  const { clients = {}, pairs = {}, issuer, env, service, allowWeak = false } = keys;
  requireNoConflict(keys);
  if (env) {
    const variables = Object.entries(env).filter(([, value]) => typeof value === 'string');
    return { variables, service, allowWeak };
  }
  const entries = Object.entries(clients).map(([id, keys]) => ({ name: id, ...versions(id, keys) }));
  for (const [names, keys] of Object.entries(pairs))
    entries.push({ ...pair(names), ...versions(names, keys) });
  if (issuer !== undefined) entries.push(versions('issuer', issuer));
  return { entries, allowWeak };
}

function requireNoConflict({ env, service, ...keys }) {
  if ((env === undefined) !== (service === undefined)) {
    const [given, missing] = env === undefined ? ['service', 'env'] : ['env', 'service'];
    throw failure(
      'CONFIG',
      `${missing}: pass ${missing} beside ${given}: the variables are found by the service's name`,
    );
  }
  const other = ['clients', 'pairs', 'issuer'].find((name) => keys[name] !== undefined);
  if (env && other) throw failure('CONFIG', `${other}: pass ${other} or env, not both`);
}

function pair(names) {
  const [name, peer, ...more] = names.split('/');
  if (!name || !peer || more.length > 0) {
    const entry = native.shownName(names);
    throw failure('KEYS', `key ring entry ${entry}: pass both services of the pair, as in "agent/practices"`);
  }
  return { name, peer };
}

// Converts a single secret (version 1), or `{ primary, versions: { 1: secret, 2: secret } }`.
function versions(entry, keys) {
  if (isSecret(keys)) return { primary: 1, versions: [{ number: 1, secret: keys }] };
  checkVersions(entry, keys);
  // Versions from a file are a list of pairs, because a file can contain the same version twice. The core crate reports this
  // error.
  const numbered = Array.isArray(keys?.versions) ? keys.versions : Object.entries(keys?.versions ?? {});
  if (typeof keys?.primary !== 'number' || !numbered.every(isNumbered)) {
    const shown = native.shownName(entry);
    throw failure('KEYS', `key ring entry ${shown}: pass a secret, or { primary, versions: { 1: secret } }`);
  }
  return {
    primary: keys.primary,
    versions: numbered.map(([number, secret]) => version(entry, number, secret)),
  };
}

function checkVersions(entry, keys) {
  if (typeof keys !== 'object' || keys === null) return;
  try {
    checkSettings('key_versions', keys, 'its versions');
  } catch (error) {
    throw failure('KEYS', `key ring entry ${native.shownName(entry)}: ${error.message}`);
  }
}

const MAX_VERSION = 0xffffffff;

function version(entry, number, secret) {
  if (!/^(0|[1-9]\d{0,9})$/.test(String(number)) || Number(number) > MAX_VERSION) {
    const shown = JSON.stringify(native.shownName(String(number)));
    throw failure('KEYS', `key ring entry ${native.shownName(entry)}: ${shown} is not a version number`);
  }
  return { number: Number(number), secret };
}

// Returns whether an entry is a pair of a version and a secret.
const isNumbered = (pair) => Array.isArray(pair) && isSecret(pair[1]);

const isSecret = (value) => typeof value === 'string' || isUint8Array(value);

module.exports = { KeyRing };
