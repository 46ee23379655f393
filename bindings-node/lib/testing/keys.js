'use strict';

// Keys and replay tables for tests.

const { randomBytes } = require('node:crypto');
const { failure } = require('../errors.js');
const { KeyRing } = require('../key-ring.js');
const { ReplayTable } = require('../replay-table.js');
const { checkNames } = require('./names.js');

const SECRET_BYTES = 32;

const secret = () => randomBytes(SECRET_BYTES).toString('base64');

// Returns a key ring with new random secrets: one for each pair of `services` and for each client id in `clients`.
function keyRing(services = [], options = {}) {
  requireList('services', services);
  checkNames('keyRing()', options, ['clients', 'issuer']);
  const { clients = [], issuer = false } = options;
  requireList('clients', clients);
  requirePairs(services, clients.length > 0 || issuer);
  return new KeyRing({
    pairs: Object.fromEntries(pairsOf(services).map((pair) => [pair, secret()])),
    clients: Object.fromEntries(clients.map((name) => [name, secret()])),
    ...(issuer && { issuer: secret() }),
  });
}

function requireList(name, list) {
  if (!Array.isArray(list)) throw failure('CONFIG', `${name}: pass a list of names, such as ['agent']`);
}

function requirePairs(services, hasOthers) {
  if (services.length === 1 || (services.length === 0 && !hasOthers)) {
    throw failure('CONFIG', 'services: pass two or more names, because each pair of services has a secret');
  }
  const twice = services.find((name, at) => services.indexOf(name) !== at);
  if (twice !== undefined) throw failure('CONFIG', `services: '${twice}' is given twice`);
}

const pairsOf = (services) =>
  services.flatMap((one, at) => services.slice(at + 1).map((other) => `${one}/${other}`));

// Returns a client id and a new random secret, for `hmacAuth` and for the clients.
const credentials = (clientId = 'client') => ({ clientId, sharedSecret: secret() });

// Returns a table in this process. It accepts requests that were signed before it was created. Unlike ReplayTable.heap(), it
// emits no warning in worker threads, because some test runners use them.
const replayTable = () => ReplayTable.near();

module.exports = { credentials, keyRing, replayTable };
