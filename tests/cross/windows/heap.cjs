'use strict';

// Node.js loads this file before each test file. The default replay table is a file, which the package does
// not support on Windows, so the tests use a table on the heap. refusal.cjs tests the error.

const { ReplayTable } = require('../../../bindings-node/lib/replay-table.js');

ReplayTable.ofService = (_service, _ring, windowSeconds) => ReplayTable.heap({ windowSeconds });
