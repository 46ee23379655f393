'use strict';

const { randomUUID } = require('node:crypto');
const { checkSettings } = require('./lib/check-settings.js');
const { IS_SAME } = require('./lib/claims.js');
const { Deadlines } = require('./lib/deadlines.js');
const { failure, warnOnce } = require('./lib/errors.js');
const { faultOf, KEEPS_EVERY_KEY, policyOf, skewOf } = require('./lib/redis-server.js');
const { ReplayTable } = require('./lib/replay-table.js');

const DEFAULTS = {
  prefix: 'sealwire:replay:',
  timeoutMs: 500,
  fallBack: false,
  allowEviction: false,
};
// A stored claim is kept for this additional time, because the clocks of other verifiers can be behind.
const MARGIN_MS = 5 * 1000;
const MAX_SKEW_MS = 1000;
const RECHECK_MS = 5 * 1000;

// Claims nonces in Redis (2.6.12 or newer) or Valkey, for services on several hosts. Each request needs one command:
// `SET key 1 NX PX milliseconds`. `client` is a connected client from the `redis` or `ioredis` package, or a cluster client from
// one of them. The client queues commands while it reconnects, so the time that a claim waits is limited to `timeoutMs`.
//
// The constructor starts a check of the server, which covers its response to a trial claim, its clock and its eviction policy.
// `check()` repeats the check, and rejects with an error that describes the required fix. An application should await it before
// the service accepts requests.
//
// While the server is misconfigured, requests are rejected. While the server does not respond, requests are also rejected,
// unless `fallBack` is set. With `fallBack`, nonces are then claimed in this process's table, which prevents only replays to
// this process. `fallBack` has no effect on error responses, because they show that the server is available.
class RedisStore {
  errors = 0;
  faults = 0;
  fallbacks = 0;
  nearHits = 0;
  #options;
  #client;
  #near;
  #send;
  #deadlines;
  #checking;
  #checkDue = false;
  #unfit;
  #unfitSince = 0;
  #lastReply;

  constructor(client, options) {
    checkSettings('redis_store', options, 'redisStore()');
    this.#options = { ...DEFAULTS, ...options };
    this.#near = options.near ?? ReplayTable.near();
    this.#client = client;
    this.#send = sender(client);
    const { timeoutMs } = this.#options;
    this.#deadlines = new Deadlines(timeoutMs, () =>
      failure('REPLAY', `the replay store did not respond within ${timeoutMs} ms`),
    );
    // A client that cannot authenticate reconnects repeatedly, and its commands time out. Only this event reports the cause.
    client.on?.('error', (error) => (this.#lastReply = error));
    this.#checkSoon();
  }

  get onError() {
    return this.#options.onError;
  }

  // Returns whether another store uses the same keys of the same server.
  [IS_SAME](other) {
    if (!(#client in Object(other)) || other.#client !== this.#client) return false;
    return other.#options.prefix === this.#options.prefix;
  }

  async claim(key, expiresAtMs) {
    if (this.#checkDue || (this.#unfit && Date.now() - this.#unfitSince >= RECHECK_MS)) this.#checkSoon();
    await this.#checking;
    if (this.#unfit) throw this.#unfit;
    // The local table contains the claims of this process, so a replay to this process is detected without a round trip.
    if (this.#near.seen(key)) {
      this.nearHits += 1;
      this.#options.metrics?.storeSpared();
      return false;
    }
    const started = performance.now();
    const keptMs = Math.max(1, Math.ceil(expiresAtMs - Date.now())) + MARGIN_MS;
    let first;
    try {
      first = (await this.#ask('SET', this.#options.prefix + key, '1', 'NX', 'PX', String(keptMs))) === 'OK';
    } catch (error) {
      return this.#unanswered(error, started, key, expiresAtMs);
    }
    this.#lastReply = undefined;
    this.#options.metrics?.storeResponded(secondsSince(started));
    this.#near.claim(key, expiresAtMs);
    return first;
  }

  // Resolves if the server can store claims. Rejects if the server does not respond or is misconfigured. The error message then
  // describes the required fix.
  async check() {
    const { prefix, allowEviction } = this.#options;
    this.#checkDue = false;
    try {
      // With the XX option, SET changes a key only if it exists. This random key does not exist, so no data is stored.
      await this.#ask('SET', `${prefix}trial:${randomUUID()}`, '1', 'XX', 'PX', '1');
    } catch (error) {
      throw this.#faulty(error) ?? error;
    }
    const before = Date.now();
    const time = await this.#tryAsk('TIME');
    const skew = skewOf(time, before, Date.now());
    if (Math.abs(skew) > MAX_SKEW_MS) {
      warnOnce(
        'REPLAY_CLOCK',
        `the clock of the replay store is ${(skew / 1000).toFixed(1)} s from this host's: one of them is wrong, and hosts that ` +
          `differ by more than ${MARGIN_MS / 1000} s can accept a request once each`,
      );
    }
    this.#judge(policyOf(await this.#tryAsk('INFO', 'memory')), allowEviction);
    this.#unfit = undefined;
  }

  #judge(policy, allowEviction) {
    if (policy === undefined) {
      warnOnce(
        'REPLAY_POLICY',
        'the replay store does not report its maxmemory-policy; make sure that it is noeviction',
      );
    } else if (policy !== KEEPS_EVERY_KEY && !allowEviction) {
      throw failure(
        'CONFIG',
        `replay: the Redis server has maxmemory-policy ${policy}, so it can evict nonces, which could then be accepted again; ` +
          'set noeviction, or allowEviction: true to accept that',
      );
    }
  }

  #checkSoon() {
    this.#checking = this.check()
      .catch((error) => {
        if (error.code !== 'SEALWIRE_CONFIG') return; // the server did not respond; it is checked again later
        this.#unfit = error;
        this.#unfitSince = Date.now();
        if (this.onError) this.onError(error);
        else warnOnce('REPLAY_STORE', error.message);
      })
      .finally(() => (this.#checking = undefined));
  }

  #unanswered(error, started, key, expiresAtMs) {
    const fault = this.#faulty(error);
    const fallBack = this.#options.fallBack && !fault;
    this.errors += 1;
    this.#checkDue = true; // after a failure, the client may be connected to another server
    this.#options.metrics?.storeFailed(secondsSince(started), fallBack);
    if (fault) this.faults += 1;
    if (!fallBack) throw fault ?? error;
    this.onError?.(error);
    this.fallbacks += 1;
    return this.#near.claim(key, expiresAtMs);
  }

  // Returns an error that describes the required fix, or undefined if the server does not respond.
  #faulty(error) {
    const { prefix } = this.#options;
    const fault = faultOf(error, prefix) ?? faultOf(this.#lastReply, prefix);
    if (fault === undefined) return undefined;
    return Object.assign(failure('CONFIG', `replay: the Redis server ${fault}`), { cause: error });
  }

  #ask(...command) {
    return this.#deadlines.limit(this.#send(command));
  }

  // Sends a command. Returns undefined if the command fails, because the user may not be allowed to run it or a proxy may not
  // support it.
  async #tryAsk(...command) {
    try {
      return await this.#ask(...command);
    } catch {
      return undefined;
    }
  }
}

const secondsSince = (started) => (performance.now() - started) / 1000;

// Returns a function that sends a command with an ioredis or node-redis client or cluster client. A node-redis cluster client
// also needs the key that the command uses. Without the key, it throws an error outside the returned promise.
function sender(client) {
  const can = (method) => typeof client?.[method] === 'function';
  if (can('call')) return async ([name, ...args]) => client.call(name, ...args);
  if (can('sendCommand') && can('getSlotMaster')) {
    return async (command) => client.sendCommand(keyOf(command), false, command);
  }
  if (can('sendCommand')) return async (command) => client.sendCommand(command);
  throw failure('CONFIG', 'redisStore: pass a connected client or cluster of the package redis or ioredis');
}

// Returns the key that a command uses, or undefined. A cluster client may send a command without a key to any server.
const keyOf = ([name, key]) => (name === 'SET' ? key : undefined);

const redisStore = (client, options = {}) => new RedisStore(client, options);

module.exports = { redisStore };
