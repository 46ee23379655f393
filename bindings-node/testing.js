'use strict';

// Tools for the tests of a service that uses Sealwire.

const { checkStore } = require('./lib/testing/stores.js');

module.exports = { checkStore };
