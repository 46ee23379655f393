'use strict';

// Tests Sealwire against an implementation of the `client` scheme that uses only node:crypto.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { configuration, KeyRing, ReplayTable, signature, Signer, signRequest, Verifier } = require('..');
const { CLIENT, SECRET, plainHeaders, plainVerifies } = require('./support/plain.js');

// The examples in the scheme's documentation.
const EXAMPLE = { now: 1712419200000, nonce: '550e8400-e29b-41d4-a716-446655440000' };
const SIGNED = [
  ['POST', '/auth/user/refresh-session', 'f3d7fce524f0c3c7a3096823d886bb9dbed9f900499932a981364363b0c778d7'],
  ['GET', '/api/users?page=2', 'e298910c297706756c83c694388642d3697acd90399f2c810080b319edf8dc50'],
];

test('the examples have the documented signatures', () => {
  const keys = new KeyRing({ clients: { 'billing-service': 'my-shared-secret' }, allowWeak: true });
  const signer = new Signer({ name: 'billing-service', keys, schemes: ['client'] });
  for (const [method, url, expected] of SIGNED) {
    assert.deepEqual(signer.sign({ method, url, ...EXAMPLE }), {
      'X-Client-Id': 'billing-service',
      'X-Timestamp': String(EXAMPLE.now),
      'X-Signature': expected,
      'X-Request-ID': EXAMPLE.nonce,
    });
  }
});

test('requests signed with signRequest verify, and each has a new nonce', () => {
  const [one, two] = [0, 1].map(() => signRequest('POST', '/a?b=c:d', SECRET, CLIENT));
  assert.ok(plainVerifies('POST', '/a?b=c:d', one));
  assert.ok(!plainVerifies('POST', '/a?b=c', one));
  assert.notEqual(one['X-Request-ID'], two['X-Request-ID']);
  assert.match(one['X-Request-ID'], /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(Math.abs(Date.now() - Number(one['X-Timestamp'])) < 5_000);
});

test('signature signs for the configured client', () => {
  assert.throws(() => signature('GET', '/'), { code: 'SEALWIRE_CONFIG', message: /call configuration/ });
  configuration({
    server: { hmac: { enableHmac: true, clientId: CLIENT, sharedSecret: SECRET, stable: true } },
  });
  assert.ok(plainVerifies('GET', '/internal/sync', signature('GET', '/internal/sync')));
});

test('requests signed without Sealwire are accepted, for all kinds of URLs', () => {
  const verifier = new Verifier({
    keys: new KeyRing({ clients: { [CLIENT]: SECRET } }),
    schemes: ['client'],
  });
  for (const url of [
    '/',
    '/a%2Fb',
    '/?',
    '/a?b',
    '/a:b?c=d:e',
    '/%E2%82%AC?q=%20',
    '/a//b/../c',
    '*',
    '/a,b',
  ]) {
    for (const method of ['GET', 'POST', 'DELETE', 'PATCH']) {
      const identity = verifier.verify({ method, url, headers: plainHeaders(method, url) });
      assert.equal(identity.sender, CLIENT);
    }
  }
});

test('an identity contains the sender, the scheme and the age', () => {
  const keys = new KeyRing({ clients: { [CLIENT]: SECRET } });
  const verifier = new Verifier({
    keys,
    schemes: ['client'],
    replay: ReplayTable.heap({ acceptOlder: true }),
  });
  const headers = plainHeaders('GET', '/x', { timestamp: String(Date.now() - 2_000) });
  const { ageMs, ...identity } = verifier.verify({ method: 'GET', url: '/x', headers }).toJSON();
  const nonce = headers['X-Request-ID'];
  const who = { sender: CLIENT, nameAsSent: CLIENT, scheme: 'client' };
  assert.deepEqual(identity, { ...who, keyVersion: 1, userId: undefined, nonce });
  assert.ok(ageMs >= 2_000 && ageMs < 10_000);
});

test('a table rejects requests that were signed before its creation', () => {
  const verifier = new Verifier({
    keys: new KeyRing({ clients: { [CLIENT]: SECRET } }),
    schemes: ['client'],
    replay: 'heap', // a table in a file may have existed before the request was signed
  });
  const headers = plainHeaders('GET', '/x', { timestamp: String(Date.now() - 2_000) });
  assert.throws(() => verifier.verify({ method: 'GET', url: '/x', headers }), { code: 'stale_timestamp' });
});
