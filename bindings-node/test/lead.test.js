'use strict';

// Tests of the parts that the native addon stores between requests (lib/repeated-parts.js). A request must never be signed with a
// part of another request.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');

const { KeyRing, Signer, Verifier, signRequest } = require('..');
const { CLIENT, SECRET } = require('./support/plain.js');

const PAIR = Buffer.from(SECRET).toString('base64');
const keys = new KeyRing({
  clients: { [CLIENT]: SECRET },
  pairs: { 'agent/practices': PAIR, 'agent/billing': PAIR },
});

const FIRST = {
  method: 'POST',
  url: '/a?b=c',
  authority: 'practices.test:80', // the port is not signed if the scheme is http
  scheme: 'https',
  receiver: 'practices',
  userId: 'user-1',
  nonce: 'one',
};
const OTHERS = {
  method: 'PUT',
  url: '/other',
  authority: 'other.test',
  scheme: 'http',
  receiver: 'billing',
  userId: '',
  nonce: 'two',
};
// From one request to the next, one part changes. The part is then changed back.
const changed = Object.entries(OTHERS).map(([part, value]) => ({ ...FIRST, [part]: value }));
const requests = [...changed, { ...FIRST, url: 'http://practices.test/a?b=c' }].flatMap((other) => [
  FIRST,
  other,
]);

describe('Signer', () => {
  const made = () => new Signer({ name: 'agent', keys });
  const signed = (signer, request) => signer.sign({ ...request, now: 1_700_000_000_000 });

  test('signs each request independently of earlier ones', () => {
    const signer = made();
    for (const request of requests) {
      assert.deepEqual(signed(signer, request), signed(made(), request));
      assert.deepEqual(signed(signer, request), signed(made(), request), 'and when it is signed again');
    }
  });

  test('signs correctly after a request that could not be signed', () => {
    const faulty = { method: 'G T', authority: 'a b', receiver: 'nobody', userId: 'a\nb', nonce: 'a"' };
    const wide = Object.keys(faulty).map((part) => [part, '\u0142', 'SEALWIRE_CONFIG']);
    for (const [part, value, code = 'SEALWIRE_SIGN'] of [...Object.entries(faulty), ...wide]) {
      const signer = made();
      signed(signer, FIRST);
      for (let times = 0; times < 2; times += 1) {
        assert.throws(() => signed(signer, { ...FIRST, [part]: value }), { code }, part);
      }
      assert.deepEqual(signed(signer, FIRST), signed(made(), FIRST), part);
    }
  });

  test('signs correctly if the conversion of a part to a string signs another request', () => {
    const signer = made();
    const meddling = (text) => ({ toString: () => (signed(signer, requests.at(1)), text) });
    for (const odd of [{ method: meddling('POST') }, { headers: ['X-Note', meddling('x')] }]) {
      for (let times = 0; times < 2; times += 1) {
        assert.deepEqual(signed(signer, FIRST), signed(made(), FIRST));
        assert.deepEqual(signed(signer, { ...FIRST, ...odd }), signed(made(), FIRST));
        assert.deepEqual(signed(signer, requests.at(1)), signed(made(), requests.at(1)));
      }
    }
  });

  test('uses the correct method in `client` after requests with other methods', () => {
    const verifier = new Verifier({ keys, schemes: ['client'] });
    const sign = (method) => signRequest(method, '/x', SECRET, CLIENT);
    for (const method of ['GET', 'POST', 'POST', 'G T', 'POST', '\u0142', 'POST', 'GET', 'GET']) {
      if (/^[A-Z]+$/.test(method)) verifier.verify({ method, url: '/x', headers: sign(method) });
      else assert.throws(() => sign(method), { code: /^SEALWIRE_/ });
    }
  });
});
