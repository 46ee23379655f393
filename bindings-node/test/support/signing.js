'use strict';

// Signs requests in this thread or in a worker thread, and returns their nonces.

const { parentPort, workerData } = require('node:worker_threads');
const { signRequest } = require('../..');
const { CLIENT, SECRET } = require('./plain.js');

const nonces = (count) =>
  Array.from({ length: count }, () => signRequest('GET', '/x', SECRET, CLIENT)['X-Request-ID']);

if (parentPort) parentPort.postMessage(nonces(workerData));

module.exports = { nonces };
