// Tests with `nuxt dev`, which reloads the package in the same process whenever a server file changes.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const BINDING = fileURLToPath(new URL('../../bindings-node', import.meta.url));
const { install } = require(path.join(BINDING, 'test/packaging/install.js'));
const { ENVIRONMENT } = require(path.join(BINDING, 'test/packaging/server.js'));
const { CLIENT, plainHeaders, plainVerifies } = require(path.join(BINDING, 'test/support/plain.js'));
const { freePort } = require(path.join(BINDING, 'test/support/ports.js'));
const { send } = require(path.join(BINDING, 'test/support/serve.js'));

const APP = path.join(BINDING, 'test/packaging/nuxt');
const RELOADS = 2;
const WAIT_MS = 60_000;

// Copies the application, because the test changes its files. The copy is inside the folder of the original,
// because Vite does not serve files outside this folder.
function copied() {
  const folder = mkdtempSync(path.join(path.dirname(APP), '.nuxt-dev-'));
  for (const name of ['app', 'nuxt.config.mjs', 'package.json', 'server'])
    cpSync(path.join(APP, name), path.join(folder, name), { recursive: true });
  symlinkSync(path.join(APP, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

async function started(folder, use) {
  const port = await freePort();
  const args = ['dev', '--port', String(port), '--host', '127.0.0.1'];
  const env = { ...process.env, ...ENVIRONMENT, NUXT_TELEMETRY_DISABLED: '1' };
  // A separate process group, so that the test can also kill Nuxt's child processes.
  const options = { cwd: folder, env, detached: true, stdio: ['ignore', 'inherit', 'inherit'] };
  const server = spawn(path.join(APP, 'node_modules/.bin/nuxt'), args, options);
  try {
    await use(`http://127.0.0.1:${port}`);
  } finally {
    process.kill(-server.pid, 'SIGKILL');
  }
}

// Sends a request until it receives the expected response. Nuxt responds with a placeholder page while it builds.
async function until(origin, request, isExpected) {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const response = await send(origin, request).catch((error) => ({ text: String(error) }));
    if (isExpected(response)) return response;
    assert.ok(Date.now() < end, `no expected response: ${response.status} ${response.text.slice(0, 500)}`);
    await sleep(200);
  }
}

test('nuxt dev signs and verifies, and rejects a replay after a reload', { timeout: 300_000 }, async () => {
  install(APP);
  const folder = copied();
  const file = path.join(folder, 'server/api/signed.mjs');
  const source = readFileSync(file, 'utf8');
  try {
    await started(folder, async (origin) => {
      const signed = await until(origin, { path: '/api/signed' }, ({ text }) => text.includes('X-Signature'));
      assert.ok(plainVerifies('GET', '/api/signed', JSON.parse(signed.text)));
      const first = request();
      assert.equal((await send(origin, first)).text, CLIENT);
      for (let reload = 1; reload <= RELOADS; reload++) {
        const mark = `reload ${reload}`;
        writeFileSync(file, source.replace('event.context.authHeaders', `'${mark}'`));
        await until(origin, { path: '/api/signed' }, ({ text }) => text.includes(mark));
        const replayed = await send(origin, first);
        assert.deepEqual([replayed.status, replayed.text], [401, 'Replay detected']);
        assert.equal((await send(origin, request())).text, CLIENT);
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const PATH = '/api/verified?a=1';
const request = () => ({ path: PATH, headers: plainHeaders('GET', PATH) });
