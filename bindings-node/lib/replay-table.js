'use strict';

const cluster = require('node:cluster');
const { isMainThread } = require('node:worker_threads');
const { brandOf, handleOf } = require('./brands.js');
const { checkSettings, CLASS } = require('./check-settings.js');
const { IS_SAME } = require('./claims.js');
const { failure, warnOnce } = require('./errors.js');
const { isWide } = require('./head.js');
const native = require('./native.js');

const TABLE = brandOf('ReplayTable');

// The lifetime of the key that is claimed to compare two tables.
const COMPARED_MS = 2000;

// A store of claimed nonces.
class ReplayTable {
  #native;
  #claim;
  #sharedAs;
  #isFile;
  // Whether other tables contain the same nonces, by table.
  #compared = new WeakMap();
  static [CLASS] = 'ReplayTable';

  constructor(handle, { sharedAs, isFile = false } = {}) {
    this.#native = handle;
    this.#sharedAs = sharedAs;
    this.#isFile = isFile;
    this.#claim = native.claiming(handle);
  }

  // Creates a table in this process. Worker threads that use the same `sharedAs` share one table, which exists until the
  // process exits.
  static heap(options = {}) {
    checkSettings('replay_table', options, 'ReplayTable.heap()');
    const { acceptOlder = false, sharedAs, ...size } = options;
    if (sharedAs === undefined) warnWhereOthersServe();
    return new ReplayTable(native.heapTable(slots(size), acceptOlder, sharedAs), { sharedAs });
  }

  // Creates a table in this process that is used in addition to a shared store. Because the shared store contains the claims of
  // other processes and earlier claims of this process, the table accepts requests that were signed before its creation, and
  // emits no warning in worker processes and threads.
  static near(size = {}) {
    checkSettings('replay_file', size, 'ReplayTable.near()');
    return new ReplayTable(native.heapTable(slots(size), true));
  }

  // Opens a table in a file that all processes on this host share. The file survives restarts.
  static mapped(path, options = {}) {
    checkSettings('replay_file', options, 'ReplayTable.mapped()');
    if (typeof path !== 'string' || path === '')
      throw failure('CONFIG', 'path: pass the path of the replay file first');
    const { acceptOlder = false, ...size } = options;
    return new ReplayTable(native.mappedTable(path, slots(size), acceptOlder), { isFile: true });
  }

  // Opens the default file, which all processes of this service that run as this user share.
  static ofService(service, ring, windowSeconds) {
    return new ReplayTable(native.defaultTable(service, ring, windowSeconds), { isFile: true });
  }

  // Returns the default path of a service's file.
  static path(service) {
    if (typeof service !== 'string') throw failure('CONFIG', 'service: pass the name of the service first');
    return native.mappedTablePath(service);
  }

  // Claims a key for a shared store. Returns true for a new key, false for a key that was claimed before, and undefined if the
  // table cannot decide.
  claim(key, expiresAtMs) {
    return this.#claim(bytesOf(key), Math.ceil(expiresAtMs / 1000)) ?? undefined;
  }

  // Returns whether a key is already claimed. Does not claim it.
  seen(key) {
    return native.tableSeen(this.#native, bytesOf(key));
  }

  // Removes all nonces, for tests. Earlier requests are then accepted again. Throws an error for a table in a file, because
  // other processes need its nonces.
  clear() {
    native.clearTable(this.#native);
  }

  fill() {
    return native.tableFill(this.#native);
  }

  // Returns the native handle, for use by other classes in this package.
  static handle(table) {
    return handleOf(table, TABLE);
  }

  // Returns whether the table can be used by other threads, which may have a different clock.
  static isShared(table) {
    return #sharedAs in Object(table) && table.#sharedAs !== undefined;
  }

  // Returns whether a table contains the same nonces as this one. Two objects can use the same file, or the same table by name.
  // A key that is claimed in one of them is then claimed in the other, so a random key is claimed for the comparison.
  [IS_SAME](other) {
    if (ReplayTable.handle(other) === this.#native) return true;
    if (!this.#hasNamesakes || !(#native in Object(other)) || !other.#hasNamesakes) return false;
    if (this.#isFile !== other.#isFile) return false;
    const known = this.#compared.get(other);
    if (known !== undefined) return known;
    const key = globalThis.crypto.randomUUID();
    if (this.claim(key, Date.now() + COMPARED_MS) !== true) return false; // the table is full or its file was removed
    const isSame = other.seen(key);
    this.#compared.set(other, isSame);
    return isSame;
  }

  // Whether another object can use the same table.
  get #hasNamesakes() {
    return this.#isFile || this.#sharedAs !== undefined;
  }

  [TABLE]() {
    return this.#native;
  }
}

// Converts a key to a string with one character per byte.
const bytesOf = (key) => (isWide(key) ? Buffer.from(key).toString('latin1') : key);

function slots({ slots, requestsPerSecond, windowSeconds }) {
  if (slots !== undefined && requestsPerSecond !== undefined) {
    throw failure('CONFIG', 'slots: pass slots or requestsPerSecond, not both');
  }
  const wanted = slots ?? native.slotsNeeded(requestsPerSecond, windowSeconds);
  if (!Number.isSafeInteger(wanted) || wanted < 1 || wanted > 0xffffffff) {
    throw failure('REPLAY', 'replay: pass slots, or requestsPerSecond and windowSeconds, as whole numbers');
  }
  return wanted;
}

function warnWhereOthersServe() {
  if (cluster.isWorker) {
    warnOnce(
      'HEAP_IN_CLUSTER',
      'each cluster worker has its own heap replay table, so a request can be accepted once in each; ' +
        "omit replay: 'heap' to use a file that all workers share, or use a Redis store",
    );
  } else if (!isMainThread) {
    warnOnce(
      'HEAP_IN_THREAD',
      'each worker thread has its own heap replay table, so a request can be accepted once in each; ' +
        "share one with ReplayTable.heap({ sharedAs: 'name' })",
    );
  }
}

module.exports = { ReplayTable };
