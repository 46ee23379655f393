'use strict';

// Tests of characters outside Latin-1, which are rejected before a head is converted to bytes (lib/head.js, src/head.rs). A
// character must never be replaced with its low byte.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { inspect } = require('node:util');

const { KeyRing, Signer, Verifier } = require('..');

const keys = new KeyRing({
  pairs: { 'agent/practices': 'dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==' },
});
const signer = new Signer({ name: 'agent', keys, receiver: 'practices' });
const verifier = (options) => new Verifier({ service: 'practices', keys, ...options });

const CALLER = { sender: 'agent', scheme: 'message' };
const PARTS = { method: 'GET', url: '/x', authority: 'practices.test', scheme: 'http' };
const signed = () => ({ ...PARTS, headers: { accept: 'a', ...signer.sign(PARTS) } });
const REFUSED = { code: 'SEALWIRE_CONFIG', message: /beyond latin-1/ };

// Replaces the first character with a character outside Latin-1 that has the same low byte.
const wide = (text) => String.fromCharCode(0x100 + text.charCodeAt(0)) + text.slice(1);

const renamed = (headers, name) =>
  Object.fromEntries(
    Object.entries(headers).map(([each, value]) => [each === name ? wide(name) : each, value]),
  );

// Returns copies of a request, each with a change to one part, header name or header value. Each copy is returned with its
// headers as an object and as a flat list.
function altered(request) {
  const { headers } = request;
  const parts = Object.entries(PARTS).map(([part, value]) => ({ ...request, [part]: wide(value) }));
  const lines = Object.entries(headers).flatMap(([name, value]) => [
    { ...request, headers: { ...headers, [name]: wide(value) } },
    { ...request, headers: renamed(headers, name) },
  ]);
  const all = [...parts, ...lines];
  return [...all, ...all.map((each) => ({ ...each, headers: Object.entries(each.headers).flat() }))];
}

describe('a character outside of Latin-1 is rejected', () => {
  test('for complete requests', () => {
    const request = signed();
    const strict = verifier();
    for (const each of altered(request)) assert.throws(() => strict.verify(each), REFUSED, inspect(each));
    assert.equal(strict.verify(request).sender, 'agent');
  });

  test('for a nonce that is claimed in another store', async () => {
    const request = signed();
    const shared = verifier({ replay: { claim: async () => true } });
    for (const each of altered(request))
      await assert.rejects(shared.verifyAsync(each), REFUSED, inspect(each));
    assert.equal((await shared.verifyAsync(request)).sender, 'agent');
  });

  test('for signing a response', () => {
    const request = signed();
    for (const each of altered(request)) {
      assert.throws(() => verifier().signResponse(each, CALLER, { status: 200 }), REFUSED, inspect(each));
    }
  });

  test('for verifying a response', () => {
    const request = signed();
    const headers = verifier().signResponse(request, CALLER, { status: 200 });
    const judged = (changed) => signer.verifyResponse(request, { status: 200, headers: changed });
    for (const [name, value] of Object.entries(headers)) {
      assert.throws(() => judged({ ...headers, [name]: wide(value) }), REFUSED, name);
      assert.throws(() => judged(renamed(headers, name)), REFUSED, name);
    }
    assert.equal(judged(headers).keyVersion, 1);
  });
});
