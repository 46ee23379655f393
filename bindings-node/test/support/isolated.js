'use strict';

// This module is loaded before each test file. It sets a temporary directory for the default replay tables.

const { mkdtempSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

if (process.env.SEALWIRE_TEST_REPLAY === undefined) {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'sealwire-test-'));
  process.env.SEALWIRE_TEST_REPLAY = directory;
  process.env.RUNTIME_DIRECTORY = directory;
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
}
