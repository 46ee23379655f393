'use strict';

const { execFileSync } = require('node:child_process');
const { join } = require('node:path');
const test = require('node:test');

// `make dist` and `make bench` build the addon with a profile from this program.
test('the training program of release builds runs', () => {
  execFileSync(process.execPath, [join(__dirname, '../scripts/training.js')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
});
