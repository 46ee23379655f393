'use strict';

// Functions for tests of a service that uses Sealwire.

const { signedInject } = require('./lib/testing/inject.js');
const { identity } = require('./lib/testing/identity.js');
const { credentials, keyRing, replayTable } = require('./lib/testing/keys.js');
const { checkStore } = require('./lib/testing/stores.js');
const { signing } = require('./lib/testing/superagent.js');
const { manualClock } = require('./lib/testing/time.js');

module.exports = {
  checkStore,
  credentials,
  identity,
  keyRing,
  manualClock,
  replayTable,
  signedInject,
  signing,
};
