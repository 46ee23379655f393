'use strict';

const { failure } = require('./lib/errors.js');

// Claims nonces in Redis or Valkey, for services on several hosts: one `SET key 1 NX PXAT` per request. Takes a
// connected client of `redis` or `ioredis`. While the server does not answer, requests are turned away.
// A client that reconnects queues commands meanwhile, so an answer is awaited for `timeoutMs` at most.
function redisStore(client, { prefix = 'sealwire:replay:', timeoutMs = 500, onError } = {}) {
  const send = sender(client);
  return {
    async claim(key, expiresAtMs) {
      const asked = send(['SET', prefix + key, '1', 'NX', 'PXAT', String(expiresAtMs)]);
      const reply = await within(timeoutMs, asked);
      return reply === 'OK';
    },
    onError,
  };
}

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

function sender(client) {
  if (typeof client?.sendCommand === 'function' && typeof client.call !== 'function') {
    return (command) => client.sendCommand(command);
  }
  if (typeof client?.call === 'function') return ([name, ...args]) => client.call(name, ...args);
  throw failure('CONFIG', 'redisStore: give a connected client of the package redis or ioredis');
}

module.exports = { redisStore };
