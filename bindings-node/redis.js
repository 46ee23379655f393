'use strict';

const { failure } = require('./lib/errors.js');

// Claims nonces in Redis or Valkey, for services on several hosts: one `SET key 1 NX PXAT` per request. Takes a
// connected client of `redis` or `ioredis`. While the server does not answer, requests are turned away.
function redisStore(client, { prefix = 'sealwire:replay:', onError } = {}) {
  const send = sender(client);
  return {
    async claim(key, expiresAtMs) {
      const reply = await send(['SET', prefix + key, '1', 'NX', 'PXAT', String(expiresAtMs)]);
      return reply === 'OK';
    },
    onError,
  };
}

function sender(client) {
  if (typeof client?.sendCommand === 'function' && typeof client.call !== 'function') {
    return (command) => client.sendCommand(command);
  }
  if (typeof client?.call === 'function') return ([name, ...args]) => client.call(name, ...args);
  throw failure('CONFIG', 'redisStore: give a connected client of the package redis or ioredis');
}

module.exports = { redisStore };
