'use strict';

// Runs the code in the README and in the migration guide.

const assert = require('node:assert/strict');
const { execFile, spawn } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { promisify } = require('node:util');

const { KeyRing, Signer } = require('..');
const { hmacAuth } = require('../express.js');
const { signedFetch } = require('../fetch.js');
const { SECRET } = require('./support/plain.js');
const { freePort, listens } = require('./support/ports.js');
const { serving } = require('./support/serve.js');

const ROOT = path.join(__dirname, '..');
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const [SERVICE, CLIENT] = [...README.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code);

// Runs the service in the README, and calls `use` with its port and its folder.
async function withService(environment, use) {
  // The folder is inside the package, so that `sealwire` resolves to this package.
  const folder = mkdtempSync(path.join(__dirname, 'readme-'));
  const port = String(await freePort());
  const options = { cwd: folder, env: { ...process.env, HMAC_SHARED_SECRET: SECRET, ...environment } };
  writeFileSync(path.join(folder, 'service.mjs'), SERVICE.replace('3000', port));
  const service = spawn(process.execPath, ['service.mjs'], { ...options, stdio: 'inherit' });
  try {
    await listens(port);
    await use(port, folder, options);
  } finally {
    service.kill();
    rmSync(folder, { recursive: true });
  }
}

test('the first service and client in the README work together', async () => {
  await withService({}, async (port, folder, options) => {
    writeFileSync(path.join(folder, 'client.mjs'), CLIENT.replace('3000', port));
    const { stdout } = await promisify(execFile)(process.execPath, ['client.mjs'], options);
    assert.equal(stdout.trim(), README.match(/^node client\.mjs +# (.*)$/m)[1]);
    assert.equal((await fetch(`http://127.0.0.1:${port}/whoami`)).status, 401);
  });
});

test('the first service in the README serves unsigned requests after a rollback', async () => {
  await withService({ HMAC_AUTH_ENABLED: 'false' }, async (port) => {
    const response = await fetch(`http://127.0.0.1:${port}/whoami`);
    assert.deepEqual([response.status, await response.text()], [200, 'called by an unverified client']);
  });
});

test('the samples for other servers run', async () => {
  const [, sample] = README.match(/^### Other servers$.*?^```js\n(.*?)^```/ms);
  const folder = mkdtempSync(path.join(__dirname, 'readme-'));
  try {
    writeFileSync(path.join(folder, 'sample.mjs'), sample);
    const env = { ...process.env, HMAC_SHARED_SECRET: SECRET };
    await promisify(execFile)(process.execPath, ['sample.mjs'], { cwd: folder, env });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a service accepts client and message while its callers migrate', async () => {
  const keys = new KeyRing({ clients: { 'billing-service': SECRET } });
  const guard = hmacAuth({ keys, service: 'iam', schemes: ['message', 'client'], authorities: 'any' });
  const handler = (req, res) => guard(req, res, () => res.end(req.sealwire.scheme));
  await serving(handler, async (origin) => {
    for (const schemes of [['client'], ['message']]) {
      const call = signedFetch(new Signer({ name: 'billing-service', keys, schemes, receiver: 'iam' }));
      assert.equal(await (await call(`${origin}/x`, { method: 'POST', body: '{}' })).text(), schemes[0]);
    }
  });
});
