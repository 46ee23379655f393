'use strict';

const { checkSettings } = require('./lib/check-settings.js');
const { failure } = require('./lib/errors.js');
const { ReplayTable } = require('./lib/replay-table.js');

// Claims nonces in Redis or Valkey, for services on several hosts: one `SET key 1 NX PXAT` per request. Takes a
// connected client of `redis` or `ioredis`, or a cluster of either. While the server does not answer, requests are turned away, or, with
// `fallBack`, claimed in this process alone, which stops replays to this process and none to others.
// A client that reconnects queues commands meanwhile, so an answer is awaited for `timeoutMs` at most.
function redisStore(client, options = {}) {
  checkSettings('redis_store', options, 'redisStore()');
  const {
    prefix = 'sealwire:replay:',
    timeoutMs = 500,
    near = ReplayTable.near(),
    fallBack = false,
    onError,
    metrics,
  } = options;
  const send = sender(client);
  const store = { claim, onError, errors: 0, fallbacks: 0, nearHits: 0 };

  async function claim(key, expiresAtMs) {
    // What this process claimed is remembered here too, so that a replay to it costs no round trip.
    if (near.seen(key)) {
      store.nearHits += 1;
      metrics?.storeSpared();
      return false;
    }
    const started = performance.now();
    let first;
    try {
      const asked = send(['SET', prefix + key, '1', 'NX', 'PXAT', String(expiresAtMs)]);
      first = (await within(timeoutMs, asked)) === 'OK';
    } catch (error) {
      return unanswered(error, started, key, expiresAtMs);
    }
    metrics?.storeAnswered(secondsSince(started));
    near.claim(key, expiresAtMs);
    return first;
  }

  function unanswered(error, started, key, expiresAtMs) {
    store.errors += 1;
    metrics?.storeFailed(secondsSince(started), fallBack);
    if (!fallBack) throw error;
    onError?.(error);
    store.fallbacks += 1;
    return near.claim(key, expiresAtMs);
  }

  return store;
}

const secondsSince = (started) => (performance.now() - started) / 1000;

async function within(timeoutMs, asked) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    const error = failure('REPLAY', `the replay store did not answer within ${timeoutMs} ms`);
    timer = setTimeout(reject, timeoutMs, error);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

// How a client is told a command: ioredis and its clusters, a node-redis client, a node-redis cluster, which has to be
// told the key as well and fails outside of any promise when it is not.
function sender(client) {
  const can = (method) => typeof client?.[method] === 'function';
  if (can('call')) return ([name, ...args]) => client.call(name, ...args);
  if (can('sendCommand') && can('getSlotMaster')) {
    return (command) => client.sendCommand(command[1], false, command);
  }
  if (can('sendCommand')) return (command) => client.sendCommand(command);
  throw failure('CONFIG', 'redisStore: give a connected client or cluster of the package redis or ioredis');
}

module.exports = { redisStore };
