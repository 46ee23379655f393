'use strict';

// This test is separate from the others, because installing and building Nuxt takes more than a minute.

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { before, test } = require('node:test');

const { install } = require('./install.js');
const { ENVIRONMENT, tryBuilt } = require('./server.js');

const FOLDER = path.join(__dirname, 'nuxt');

before(() => install(FOLDER));

test('a built Nuxt server contains the addon', async () => {
  const env = { ...process.env, ...ENVIRONMENT, NUXT_TELEMETRY_DISABLED: '1' };
  execFileSync(path.join(FOLDER, 'node_modules/.bin/nuxt'), ['build'], {
    cwd: FOLDER,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await tryBuilt(path.join(FOLDER, '.output'), '/api');
});
