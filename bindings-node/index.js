'use strict';

const { configuration, signature, signRequest } = require('./lib/client.js');
const { ConnectionString } = require('./lib/connection-string.js');
const { RejectedError } = require('./lib/errors.js');
const { Identity } = require('./lib/identity.js');
const { KeyRing } = require('./lib/key-ring.js');
const { Modes } = require('./lib/modes.js');
const { discardNonces } = require('./lib/native.js');
const { ReplayTable } = require('./lib/replay-table.js');
const { Signer } = require('./lib/signer.js');
const { Verifier } = require('./lib/verifier.js');

module.exports = {
  configuration,
  ConnectionString,
  discardNonces,
  Identity,
  KeyRing,
  Modes,
  RejectedError,
  ReplayTable,
  Signer,
  signature,
  signRequest,
  Verifier,
};
