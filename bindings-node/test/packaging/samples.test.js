'use strict';

// Tests the README's samples for Nitro, in a built server and in the development server, which reloads files when they change.

const assert = require('node:assert/strict');
const { execFileSync, spawn } = require('node:child_process');
const { mkdirSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { CLIENT, plainHeaders } = require('../support/plain.js');
const { freePort } = require('../support/ports.js');
const { send } = require('../support/serve.js');
const { install } = require('./install.js');
const { ENVIRONMENT, eventually } = require('./server.js');
const { withCalledService, writeSamples } = require('./samples.js');

const NITRO = path.join(__dirname, 'node_modules/.bin/nitropack');
const FOLDER = path.join(__dirname, 'out/samples');
const ROUTE = path.join(FOLDER, 'server/routes/verified.mjs');

const verified = (text) => `
import { defineVerifiedEventHandler } from 'sealwire/h3';
const config = { clientId: process.env.CLIENT_ID, sharedSecret: process.env.SHARED_SECRET };
export default defineVerifiedEventHandler(config, (event) => \`${text} \${event.context.sealwire.sender}\`);
`;

before(() => {
  install(__dirname);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(path.dirname(ROUTE), { recursive: true });
  writeSamples(FOLDER);
  writeFileSync(ROUTE, verified('one'));
  const config = "export default { compatibilityDate: '2025-01-01', srcDir: 'server' };\n";
  writeFileSync(path.join(FOLDER, 'nitro.config.mjs'), config);
});
after(() => rmSync(FOLDER, { recursive: true, force: true }));

async function running(command, environment, use) {
  const port = String(await freePort());
  const env = { ...process.env, ...ENVIRONMENT, ...environment, PORT: port, HOST: '127.0.0.1' };
  const [program, ...args] = command(port);
  const server = spawn(program, args, {
    cwd: FOLDER,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  try {
    return await use(`http://127.0.0.1:${port}`);
  } finally {
    process.kill(-server.pid, 'SIGKILL');
  }
}

const callsService = async (origin) => {
  const { status, text } = await eventually(() => send(origin, { method: 'POST', path: '/api/sync' }));
  assert.deepEqual([status, text.replaceAll(/\s/g, '')], [200, '{"called":"POST/internal/sync"}']);
};

test('the samples run in a built Nitro server', { timeout: 60_000 }, async () => {
  await withCalledService(async (environment) => {
    execFileSync(NITRO, ['build', FOLDER], { cwd: __dirname, stdio: ['ignore', 'ignore', 'inherit'] });
    const entry = path.join(FOLDER, '.output/server/index.mjs');
    await running(() => [process.execPath, entry], environment, callsService);
  });
});

test('the development server rejects replays after a reload', { timeout: 90_000 }, async () => {
  await withCalledService(async (environment) => {
    const command = (port) => [NITRO, 'dev', '--port', port, '--host', '127.0.0.1', FOLDER];
    await running(command, environment, async (origin) => {
      const ask = (headers) => send(origin, { path: '/verified', headers });
      await until(async () => (await ask({})).status === 401);
      const headers = plainHeaders('GET', '/verified');
      assert.equal((await ask(headers)).text, `one ${CLIENT}`);
      for (const text of ['two', 'three']) {
        writeFileSync(ROUTE, verified(text));
        await until(async () => (await ask(plainHeaders('GET', '/verified'))).text === `${text} ${CLIENT}`);
        assert.equal((await ask(headers)).text, 'Replay detected');
      }
    });
  });
});

// Repeats a check until it returns true, because a development server sends different responses while it builds the
// application.
async function until(check) {
  for (let tries = 0; tries < 300; tries++) {
    if (await check().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('the server did not come to it');
}
