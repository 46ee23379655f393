'use strict';

// Tests with servers built by Nitro: Nitro's cache, and presets for hosts that read the body.

const assert = require('node:assert/strict');
const { execFileSync, spawn } = require('node:child_process');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { pathToFileURL } = require('node:url');

const { KeyRing, Signer } = require('../..');
const { CLI_SECRET, PAIR } = require('../support/calls.js');
const { CLIENT, plainHeaders } = require('../support/plain.js');
const { freePort } = require('../support/ports.js');
const { send } = require('../support/serve.js');
const { install } = require('./install.js');
const { ENVIRONMENT, eventually } = require('./server.js');

const FOLDER = path.join(__dirname, 'nitro');
const ENV = { ...process.env, ...ENVIRONMENT, CLI_SECRET, PAIR };

function build(preset) {
  execFileSync(path.join(__dirname, 'node_modules/.bin/nitropack'), ['build', FOLDER], {
    env: { ...ENV, NITRO_PRESET: preset },
    cwd: __dirname,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return path.join(FOLDER, '.output/server/index.mjs');
}

function signed(scheme, body, url = 'https://practices.test/upload') {
  const keys = new KeyRing({ pairs: { 'agent/practices': PAIR } });
  const signer = new Signer({ name: 'agent', keys, schemes: [scheme], receiver: 'practices' });
  return { ...signer.sign({ method: 'POST', url, body }), Host: 'practices.test' };
}

before(() => install(__dirname));

describe('node-server', () => {
  let server;
  let origin;
  before(async () => {
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    const env = { ...ENV, PORT: String(port), HOST: '127.0.0.1' };
    server = spawn(process.execPath, [build('node-server')], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    server.errors = '';
    server.stderr.on('data', (chunk) => (server.errors += chunk));
    await eventually(() => send(origin, { path: '/verified' }));
  });
  after(() => server?.kill());

  for (const path of [
    '/by-rule',
    '/by-handler',
    '/behind-middleware/by-rule',
    '/behind-middleware/by-handler',
  ]) {
    test(`a verified response is not cached: ${path}`, async () => {
      const verified = await send(origin, { path, headers: plainHeaders('GET', path) });
      assert.equal(verified.status, 500);
      assert.doesNotMatch(verified.text, /for billing-service only/);
      assert.match(server.errors, /a verified route runs in a cached handler.*Remove swr, isr or cache/s);
      const unsigned = await send(origin, { path });
      assert.equal(unsigned.status, 401);
    });
  }

  test('a verified response of a plain route is private', async () => {
    const { hostname, port } = new URL(origin);
    const response = await fetch(`http://${hostname}:${port}/verified`, {
      headers: plainHeaders('GET', '/verified'),
    });
    assert.equal(await response.text(), CLIENT);
    assert.equal(response.headers.get('cache-control'), 'private');
  });
});

describe('aws-lambda', () => {
  let handler;
  before(async () => {
    Object.assign(process.env, ENVIRONMENT, { CLI_SECRET, PAIR });
    ({ handler } = await import(pathToFileURL(build('aws-lambda'))));
  });

  const event = (body, headers) => ({
    path: '/upload',
    httpMethod: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': String(body.length) },
    body,
    isBase64Encoded: false,
  });

  for (const scheme of ['message', 'pairwise']) {
    const body = '{"a":1}';
    const url = 'http://practices.test/upload';

    test(`a POST signed in ${scheme} verifies, and the handler reads its body`, async () => {
      const { statusCode, body: text } = await handler(event(body, signed(scheme, body, url)), {});
      assert.deepEqual([statusCode, JSON.parse(text)], [200, { sender: 'agent', body: { a: 1 } }]);
    });

    test(`a changed body signed in ${scheme} is rejected`, async () => {
      const { statusCode } = await handler(event('{"a":2}', signed(scheme, body, url)), {});
      assert.equal(statusCode, 401);
    });
  }

  const encoded = (bytes, headers) => ({
    ...event('', headers),
    headers: { ...headers, 'Content-Type': 'application/octet-stream' },
    body: bytes.toString('base64'),
    isBase64Encoded: true,
  });

  test('a body in base64 verifies if it is text; other bytes are rejected with a warning', async () => {
    const url = 'http://practices.test/upload';
    const text = Buffer.from('"K\u00f6ln"');
    assert.equal((await handler(encoded(text, signed('message', text, url)), {})).statusCode, 200);
    const warned = new Promise((resolve) => process.once('warning', resolve));
    const bytes = Buffer.from([0, 0xff, 0xfe, 1]);
    assert.equal((await handler(encoded(bytes, signed('message', bytes, url)), {})).statusCode, 401);
    assert.equal((await warned).code, 'SEALWIRE_BODY_DECODED');
  });
});
