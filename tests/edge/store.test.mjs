// Tests with a Worker that claims nonces in a Durable Object, as described in docs/edge.md.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

import { bundle, startWorker, temporaryFolder } from './workerd.mjs';

const require = createRequire(import.meta.url);
const { KeyRing, Signer } = require('../../bindings-node');
const { freePort } = require('../../bindings-node/test/support/ports.js');
const { eventually } = require('../../bindings-node/test/packaging/server.js');

const SECRET = 'a secret of more than thirty-two bytes, for tests only';
let origin, worker;

before(async () => {
  const folder = temporaryFolder();
  await bundle('store_worker.mjs', folder);
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  worker = startWorker(folder, 'worker.mjs', { port, env: { SECRET }, objects: { NONCES: 'Nonce' } });
  await eventually(() => fetch(origin));
});

after(() => worker?.kill());

const signer = new Signer({
  name: 'gateway',
  keys: new KeyRing({ clients: { gateway: SECRET } }),
  schemes: ['client'],
});

async function send(headers) {
  const response = await fetch(`${origin}/items?id=1`, { headers });
  return [response.status, await response.text()];
}

test('a request is accepted once', async () => {
  const headers = signer.sign({ method: 'GET', url: '/items?id=1' });
  assert.deepEqual(await send(headers), [200, 'called by gateway'], worker.log);
  assert.deepEqual(await send(headers), [401, 'Replay detected']);
});

test('one of several simultaneous requests with the same nonce is accepted', async () => {
  const headers = signer.sign({ method: 'GET', url: '/items?id=1' });
  const statuses = (await Promise.all(Array.from({ length: 20 }, () => send(headers)))).map(
    ([status]) => status,
  );
  assert.equal(statuses.filter((status) => status === 200).length, 1);
  assert.equal(statuses.filter((status) => status === 401).length, 19);
});

test('the nonce of an invalid request is not claimed', async () => {
  const headers = { ...signer.sign({ method: 'GET', url: '/other' }) };
  assert.deepEqual(await send(headers), [401, "Buffer Doesn't match"]);
});
