'use strict';

// Starts a cluster worker that creates a heap table, and reports the worker's warning.

const cluster = require('node:cluster');

if (cluster.isPrimary) {
  cluster.fork().on('message', (codes) => process.stdout.write(codes.join()));
} else {
  const codes = [];
  process.on('warning', ({ code }) => codes.push(code));
  require('../..').ReplayTable.heap({ slots: 8 });
  setImmediate(() => process.send(codes, () => process.exit()));
}
