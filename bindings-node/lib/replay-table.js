'use strict';

const cluster = require('node:cluster');
const { isMainThread } = require('node:worker_threads');
const { checkSettings, CLASS } = require('./check-settings.js');
const { failure, warnOnce } = require('./errors.js');
const { isWide } = require('./head.js');
const native = require('./native.js');

// Where nonces are claimed.
class ReplayTable {
  #native;
  #claim;
  static [CLASS] = 'ReplayTable';

  constructor(handle) {
    this.#native = handle;
    this.#claim = native.claiming(handle);
  }

  // In this process alone. Worker threads that give the same `sharedAs` share one table, which is kept until the process ends.
  static heap(options = {}) {
    checkSettings('replay_table', options, 'ReplayTable.heap()');
    const { acceptOlder = false, sharedAs, ...size } = options;
    if (sharedAs === undefined) warnWhereOthersServe();
    return new ReplayTable(native.heapTable(slots(size), acceptOlder, sharedAs));
  }

  // The table beside a shared store. The store has the claims from before this process and of other
  // processes, so this table accepts older requests and does not warn.
  static near(size = {}) {
    checkSettings('replay_file', size, 'ReplayTable.near()');
    return new ReplayTable(native.heapTable(slots(size), true));
  }

  // In a file that every process on this machine opens, and that outlives them.
  static mapped(path, options = {}) {
    checkSettings('replay_file', options, 'ReplayTable.mapped()');
    const { acceptOlder = false, ...size } = options;
    return new ReplayTable(native.mappedTable(path, slots(size), acceptOlder));
  }

  // In the default file, which all processes of this user and service share. Undefined where the system has no mapped files.
  static ofService(service, ring, windowSeconds) {
    const handle = native.defaultTable(service, ring, windowSeconds);
    return handle ? new ReplayTable(handle) : undefined;
  }

  // The default path of a service's file.
  static path(service) {
    return native.mappedTablePath(service);
  }

  // Claims a key for a store that hosts share: true when it is new, false when it was claimed before, undefined when the
  // table cannot tell.
  claim(key, expiresAtMs) {
    return this.#claim(bytesOf(key), Math.ceil(expiresAtMs / 1000)) ?? undefined;
  }

  // Looks without claiming.
  seen(key) {
    return native.tableSeen(this.#native, bytesOf(key));
  }

  fill() {
    return native.tableFill(this.#native);
  }

  // For the other classes of this package.
  static handle(table) {
    return typeof table === 'object' && table && #native in table ? table.#native : undefined;
  }
}

// A key as it crosses, a character for a byte.
const bytesOf = (key) => (isWide(key) ? Buffer.from(key).toString('latin1') : key);

function slots({ slots, requestsPerSecond, windowSeconds }) {
  const wanted = slots ?? native.slotsNeeded(requestsPerSecond, windowSeconds);
  if (!Number.isSafeInteger(wanted) || wanted < 1 || wanted > 0xffffffff) {
    throw failure('REPLAY', 'replay: give slots, or requestsPerSecond and windowSeconds, as whole numbers');
  }
  return wanted;
}

function warnWhereOthersServe() {
  if (cluster.isWorker) {
    warnOnce(
      'HEAP_IN_CLUSTER',
      'each cluster worker has its own heap replay table, so a request can be accepted once in each; ' +
        "leave out replay: 'heap' for a file that all workers share, or use a Redis store",
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
