// Builds the Nuxt example with the packed package, and tests that it can call the Express example.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';
import { createRequire } from 'node:module';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const FOLDER = path.join(ROOT, 'examples/nuxt');
const require = createRequire(import.meta.url);
const { install } = require('../../bindings-node/test/packaging/install.js');
const { freePort } = require('../../bindings-node/test/support/ports.js');
const { signRequest } = require('../../bindings-node');

const SECRET = 'a secret of more than thirty-two bytes, for tests only';
const started = [];
after(() => started.forEach((process) => process.kill()));

// Copies the Express example to a folder that contains its dependencies.
function expressService() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sealwire-express-'));
  after(() => rmSync(folder, { recursive: true }));
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(path.join(ROOT, 'bindings-node'), path.join(folder, 'node_modules/sealwire'));
  symlinkSync(
    path.join(ROOT, 'bindings-node/node_modules/express'),
    path.join(folder, 'node_modules/express'),
  );
  copyFileSync(path.join(ROOT, 'examples/express/service.mjs'), path.join(folder, 'service.mjs'));
  return path.join(folder, 'service.mjs');
}

async function serve(file, env, url) {
  started.push(spawn(process.execPath, [file], { env: { ...process.env, ...env }, stdio: 'inherit' }));
  for (let tries = 0; ; tries++) {
    const response = await fetch(url).catch(() => undefined);
    if (response) return;
    assert.ok(tries < 400, `${file} did not start`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('the Nuxt server calls the Express service, and verifies requests', async () => {
  install(FOLDER);
  execFileSync('node_modules/.bin/nuxt', ['build'], { cwd: FOLDER, stdio: ['ignore', 'pipe', 'inherit'] });
  const [auth, port] = [await freePort(), await freePort()];
  const env = { HMAC_CLIENT_ID: 'billing-service', HMAC_SHARED_SECRET: SECRET, HOST: '127.0.0.1' };
  await serve(expressService(), { ...env, PORT: String(auth) }, `http://127.0.0.1:${auth}/items`);
  const location = { AUTH_SERVER_LOCATION: '127.0.0.1', AUTH_PORT_LOCATION: String(auth) };
  const nuxt = `http://127.0.0.1:${port}`;
  await serve(
    path.join(FOLDER, '.output/server/index.mjs'),
    { ...env, ...location, PORT: String(port) },
    nuxt,
  );
  assert.equal(await (await fetch(`${nuxt}/api/items`)).text(), 'called by billing-service');
  const headers = signRequest('GET', '/api/verified', SECRET, 'billing-service');
  assert.equal(await (await fetch(`${nuxt}/api/verified`, { headers })).text(), 'called by billing-service');
  assert.equal((await fetch(`${nuxt}/api/verified`)).status, 401);
});
