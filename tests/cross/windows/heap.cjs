'use strict';

// Loaded before each test file: the default table, which is a file, is refused on Windows, so the tests of other things
// use the heap. refusal.cjs tests the refusal.

const { ReplayTable } = require('../../../bindings-node/lib/replay-table.js');

ReplayTable.ofService = (_service, _ring, windowSeconds) => ReplayTable.heap({ windowSeconds });
