// Tests that a real server can verify the requests of all clients. For `client`, the server uses node:crypto. For requests with
// a signed body, it uses Sealwire.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import sealwire from '../index.js';
import express from '../express.js';
import { sendToServer, serviceToService, signedFetch } from '../fetch.js';
import plain from './support/plain.js';

const { configuration, KeyRing, Signer } = sealwire;
const { CLIENT, SECRET, plainVerifies } = plain;

const CREDENTIALS = { clientId: CLIENT, sharedSecret: SECRET };
const KEYS = new KeyRing({
  pairs: { 'agent/practices': 'dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==' },
});
const AGENT = new Signer({ name: 'agent', keys: KEYS, receiver: 'practices' });

let server;
let origin;

// Starts the server. Sealwire verifies requests for /signed/..., and node:crypto verifies all other requests. The response
// contains the result.
before(async () => {
  const guard = express.hmacAuth({ keys: KEYS, service: 'practices', schemes: ['message'] });
  server = createServer((req, res) => {
    if (req.url.startsWith('/moved')) return res.writeHead(302, { location: '/elsewhere' }).end();
    if (req.url.startsWith('/signed'))
      return guard(req, res, () => res.end(`${req.sealwire.sender} ${req.rawBody ?? ''}`));
    const { 'x-client-id': id } = req.headers;
    return res.end(id && plainVerifies(req.method, req.url, req.headers) ? `in ${req.url}` : 'out');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.closeAllConnections() || server.close());

const text = async (response) => (await response).text();

describe('signedFetch', () => {
  const send = signedFetch(CREDENTIALS);

  for (const [given, sent] of [
    ['/plain', '/plain'],
    ['/a b?c=d e', '/a%20b?c=d%20e'],
    ['/a/../b/./c', '/b/c'],
    ['/a?b#fragment', '/a?b'],
    ['/caf\u00e9', '/caf%C3%A9'],
    ['/a%2Fb', '/a%2Fb'],
    ['?only=query', '/?only=query'],
  ]) {
    test(`signs ${given} as ${sent}, which is sent`, async () => {
      assert.equal(await text(send(origin + given)), `in ${sent}`);
    });
  }

  test('signs the method as sent', async () => {
    for (const method of ['get', 'post', 'PATCH', 'patch', 'DELETE']) {
      assert.equal(await text(send(`${origin}/x`, { method })), 'in /x', method);
    }
  });

  test('accepts URLs and Requests, and keeps headers and body', async () => {
    assert.equal(await text(send(new URL('/x', origin))), 'in /x');
    const request = new Request(`${origin}/x`, { method: 'POST', body: 'hello', headers: { 'X-Kept': '1' } });
    assert.equal(await text(send(request)), 'in /x');
  });

  test('signs redirects within its origin again, unless disabled', async () => {
    const response = await send(`${origin}/moved`);
    assert.equal(await response.text(), 'in /elsewhere');
    assert.deepEqual([response.redirected, response.url], [true, `${origin}/elsewhere`]);
    assert.equal((await send(`${origin}/moved`, { redirect: 'manual' })).status, 302);
    await assert.rejects(send(`${origin}/moved`, { redirect: 'error' }), TypeError);
  });

  for (const [name, body, expected] of [
    ['text', 'h\u00e9llo', 'h\u00e9llo'],
    ['bytes', new Uint8Array([104, 105]), 'hi'],
    ['a form', new URLSearchParams({ a: '1' }), 'a=1'],
    ['a stream', () => new Blob(['streamed']).stream(), 'streamed'],
  ]) {
    test(`signs the bytes of ${name}`, async () => {
      const init = { method: 'POST', body: typeof body === 'function' ? body() : body, duplex: 'half' };
      assert.equal(await text(signedFetch(AGENT)(`${origin}/signed/x?y=1`, init)), `agent ${expected}`);
    });
  }

  test('signs a request without a body', async () => {
    assert.equal(await text(signedFetch(AGENT)(`${origin}/signed`)), 'agent ');
  });
});

describe('serviceToService', () => {
  const configure = (enableHmac) => {
    const { hostname, port } = new URL(origin);
    const hmac = { enableHmac, ...CREDENTIALS, stable: true };
    configuration({ server: { auth_location: { serverOrDNS: hostname, port: Number(port) }, hmac } });
  };

  test('calls the configured service, signed while enableHmac is true', async () => {
    configure(true);
    assert.equal(await text(serviceToService('/auth/x?y=1')), 'in /auth/x?y=1');
    assert.equal(await text(sendToServer('/auth/x', { method: 'POST', body: '{}' })), 'in /auth/x');
    configure(false);
    assert.equal(await text(serviceToService('/auth/x')), 'out');
  });

  test('sends no signature to another host', async () => {
    configure(true);
    for (const path of ['//elsewhere.test/x', 'http://elsewhere.test/', 'https:/elsewhere']) {
      await assert.rejects(serviceToService(path), { code: 'SEALWIRE_CONFIG' }, path);
    }
  });
});

test('credentials are required before the first request', () => {
  for (const credentials of [undefined, {}, { clientId: CLIENT }]) {
    assert.throws(() => signedFetch(credentials), { code: 'SEALWIRE_CONFIG' });
  }
});
