// Tests that an application with sealwire can be built with Nitro's presets for edge runtimes. The build for
// Cloudflare also runs in workerd and calls a FastAPI service.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { startWorker, temporaryFolder } from './workerd.mjs';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const root = path.join(here, '../..');
const packaging = path.join(root, 'bindings-node/test/packaging');
const require = createRequire(path.join(packaging, 'install.js'));
const { install } = require('./install.js');
const { freePort } = require('../support/ports.js');
const { eventually } = require('./server.js');

const SECRET = 'dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==';
const app = path.join(temporaryFolder(), 'nitro');

before(() => {
  install(packaging);
  cpSync(path.join(here, 'nitro'), app, { recursive: true });
  symlinkSync(path.join(packaging, 'node_modules'), path.join(app, 'node_modules'));
});

function build(preset) {
  const env = { ...process.env, NITRO_PRESET: preset };
  const nitropack = path.join(packaging, 'node_modules/.bin/nitropack');
  execFileSync(nitropack, ['build', app], { env, cwd: packaging, stdio: ['ignore', 'ignore', 'inherit'] });
}

for (const [preset, file] of [
  ['vercel-edge', '.vercel/output/functions/__fallback.func/index.mjs'],
  ['netlify-edge', '.netlify/edge-functions/server/server.js'],
]) {
  test(`the preset ${preset} builds`, () => {
    build(preset);
    assert.ok(existsSync(path.join(app, file)));
  });
}

describe('the preset cloudflare-module, in workerd', () => {
  let worker, service, workerPort, servicePort;

  before(async () => {
    build('cloudflare-module');
    [workerPort, servicePort] = [await freePort(), await freePort()];
    const env = { SERVICE_SECRET: SECRET };
    worker = startWorker(path.join(app, '.output/server'), 'index.mjs', { port: workerPort, env });
    const python = path.join(root, '.venv/bin/python');
    service = spawn(python, [path.join(here, 'service.py'), String(servicePort)], {
      env: { ...process.env, HMAC_SECRET_EDGE_PRACTICES: SECRET },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await eventually(() => fetch(`http://127.0.0.1:${servicePort}/health`));
    await eventually(() => fetch(`http://127.0.0.1:${workerPort}/gateway`));
  });

  after(() => {
    worker?.kill();
    service?.kill();
  });

  const get = async (port, target) => (await fetch(`http://127.0.0.1:${port}${target}`)).json();
  const callWorker = (query) =>
    get(servicePort, `/call-worker?${query}url=http://127.0.0.1:${workerPort}/verified`);

  test('it signs a request that the service verifies', async () => {
    const called = await get(workerPort, `/call?url=http://127.0.0.1:${servicePort}/items`);
    const answer = { caller: 'edge', scheme: 'message', item: { name: 'coffee' } };
    assert.deepEqual(called, { status: 200, answer });
  });

  test('it verifies a request of the service, once', async () => {
    const { first, again } = await callWorker('');
    assert.equal(first.status, 200);
    assert.deepEqual(JSON.parse(first.text), { caller: 'practices', item: { name: 'tea' } });
    assert.equal(first.headers['cache-control'], 'private');
    assert.deepEqual(again, { status: 401, text: 'Request signature not accepted' });
    assert.match(worker.log, /SEALWIRE_REPLAY_ISOLATE/);
  });

  test('it rejects a changed body and a request without a signature', async () => {
    const { again } = await callWorker('tamper=true&');
    assert.equal(again.status, 401);
    const unsigned = await fetch(`http://127.0.0.1:${workerPort}/verified`, { method: 'POST', body: '{}' });
    assert.deepEqual([unsigned.status, await unsigned.text()], [401, 'Request signature required']);
  });

  test('the functions of the gateway sign', async () => {
    const signed = await get(workerPort, '/gateway?a=1');
    assert.equal(signed['X-Client-Id'], 'gateway');
    assert.match(signed['X-Signature'], /^[0-9a-f]{64}$/);
  });
});
