'use strict';

const { randomUUID } = require('node:crypto');
const { checkSettings } = require('./lib/check-settings.js');
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
// A claim outlives its request by this much, for verifiers whose clocks are behind that of the one that claimed.
const MARGIN_MS = 5 * 1000;
const MAX_SKEW_MS = 1000;
const RECHECK_MS = 5 * 1000;

// Claims nonces in Redis (2.6.12 or newer) or Valkey, for services on several hosts: one `SET key 1 NX PX milliseconds` per
// request. Takes a connected client of `redis` or `ioredis`, or a cluster of either. A client that reconnects queues commands
// meanwhile, so a claim waits `timeoutMs` at most.
//
// The server is checked at once: by a trial claim, its clock, its eviction policy. `check()` does it again
// and rejects with the required fix; await it before the service listens. While the server is unsuitable,
// requests are rejected.
// While it is silent they are rejected too or, with `fallBack`, claimed in this process alone, which stops replays to this process
// only. An error response is not an outage, so `fallBack` does not apply.
class RedisStore {
  errors = 0;
  faults = 0;
  fallbacks = 0;
  nearHits = 0;
  #options;
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
    this.#send = sender(client);
    const { timeoutMs } = this.#options;
    this.#deadlines = new Deadlines(timeoutMs, () =>
      failure('REPLAY', `the replay store did not respond within ${timeoutMs} ms`),
    );
    // A client that is not let in keeps trying, and its commands only seem to meet silence.
    client.on?.('error', (error) => (this.#lastReply = error));
    this.#checkSoon();
  }

  get onError() {
    return this.#options.onError;
  }

  async claim(key, expiresAtMs) {
    if (this.#checkDue || (this.#unfit && Date.now() - this.#unfitSince >= RECHECK_MS)) this.#checkSoon();
    await this.#checking;
    if (this.#unfit) throw this.#unfit;
    // The claims of this process are stored here too, so that a replay to it costs no round trip.
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
    this.#options.metrics?.storeAnswered(secondsSince(started));
    this.#near.claim(key, expiresAtMs);
    return first;
  }

  // Resolves for a server that can hold claims, and rejects with the required fix, or if the server does not
  // respond.
  async check() {
    const { prefix, allowEviction } = this.#options;
    this.#checkDue = false;
    try {
      // XX: only if the key exists, which it does not. So the trial leaves nothing behind.
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
        'the replay store does not reveal its maxmemory-policy; make sure that it is noeviction',
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
        if (error.code !== 'SEALWIRE_CONFIG') return; // silent: checked when it responds
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
    this.#checkDue = true; // it may be another server when it responds again
    this.#options.metrics?.storeFailed(secondsSince(started), fallBack);
    if (fault) this.faults += 1;
    if (!fallBack) throw fault ?? error;
    this.onError?.(error);
    this.fallbacks += 1;
    return this.#near.claim(key, expiresAtMs);
  }

  // An error with the required fix; undefined if the server is silent.
  #faulty(error) {
    const { prefix } = this.#options;
    const fault = faultOf(error, prefix) ?? faultOf(this.#lastReply, prefix);
    if (fault === undefined) return undefined;
    return Object.assign(failure('CONFIG', `replay: the Redis server ${fault}`), { cause: error });
  }

  #ask(...command) {
    return this.#deadlines.limit(this.#send(command));
  }

  // A command that this user may not run, or that a proxy does not know, is no reason to stop.
  async #tryAsk(...command) {
    try {
      return await this.#ask(...command);
    } catch {
      return undefined;
    }
  }
}

const secondsSince = (started) => (performance.now() - started) / 1000;

// Sends a command: to ioredis and its clusters, a node-redis client, or a node-redis cluster. The cluster needs
// the key as well, and otherwise fails outside of any promise.
function sender(client) {
  const can = (method) => typeof client?.[method] === 'function';
  if (can('call')) return async ([name, ...args]) => client.call(name, ...args);
  if (can('sendCommand') && can('getSlotMaster')) {
    return async (command) => client.sendCommand(keyOf(command), false, command);
  }
  if (can('sendCommand')) return async (command) => client.sendCommand(command);
  throw failure('CONFIG', 'redisStore: give a connected client or cluster of the package redis or ioredis');
}

// Commands without a key go to any server of a cluster.
const keyOf = ([name, key]) => (name === 'SET' ? key : undefined);

const redisStore = (client, options = {}) => new RedisStore(client, options);

module.exports = { redisStore };
