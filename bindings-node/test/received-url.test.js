'use strict';

// Tests that verifiers and signers accept URLs in all documented forms.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');

const { readFileSync } = require('node:fs');
const path = require('node:path');

const { KeyRing, ReplayTable, Signer, Verifier } = require('..');

const VECTORS = path.join(__dirname, '../../tests/vectors/url.json');
const { cases } = JSON.parse(readFileSync(VECTORS, 'utf8'));
// The names of vectors with non-ASCII hosts. The core crate rejects such hosts, but JavaScript's URL parser converts them.
const PARSER_ONLY = /not-ascii/;

const keys = new KeyRing({
  pairs: { 'agent/practices': 'dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==' },
});
const signer = new Signer({ name: 'agent', keys, receiver: 'practices' });
const verifier = () =>
  new Verifier({ keys, service: 'practices', replay: ReplayTable.heap({ slots: 64, acceptOlder: true }) });

const sign = (url, headers = {}) => ({ ...headers, ...signer.sign({ method: 'GET', url, headers }) });
const verify = (request) => verifier().verify({ method: 'GET', ...request }).sender;

describe('Verifier.verify', () => {
  test('accepts an absolute URL, a URL object, and a target with its host', () => {
    for (const url of ['http://api.test/admin?a=b', 'https://api.test:8443/x', 'HTTP://api.test/x']) {
      const { host, pathname, search } = new URL(url);
      const headers = sign(url);
      assert.equal(verify({ url, headers }), 'agent', url);
      assert.equal(verify({ url: new URL(url), headers }), 'agent', url);
      assert.equal(verify({ url: pathname + search, headers: { ...headers, Host: host } }), 'agent', url);
      assert.equal(verify({ url: pathname + search, headers, authority: host }), 'agent', url);
    }
  });

  test('the Host header takes precedence over the URL, which a framework may have created', () => {
    const headers = { ...sign('http://api.test/x'), Host: 'api.test' };
    assert.equal(verify({ url: new URL('http://localhost/x'), headers }), 'agent');
  });

  test('reads every absolute URL of the vectors as core does', () => {
    for (const { name, url, expect } of cases) {
      if (expect.error) {
        if (PARSER_ONLY.test(name)) continue;
        assert.throws(() => verify({ url, headers: {} }), { name: 'RejectedError' }, name);
        continue;
      }
      const { scheme, authority, target } = expect.url;
      const headers = sign(url);
      assert.equal(verify({ url, headers }), 'agent', name);
      assert.equal(verify({ url, headers: { ...headers, Host: authority } }), 'agent', name);
      assert.equal(verify({ url: new URL(url), headers }), 'agent', name);
      assert.equal(verify({ url: target, authority, scheme, headers }), 'agent', name);
    }
  });

  test('applies the rules of a sender to the URL as received', () => {
    const senders = { agent: { pathPrefixes: ['/public'] } };
    const url = 'http://api.test/admin/../public/x';
    const ruled = new Verifier({
      keys,
      service: 'practices',
      senders,
      replay: ReplayTable.heap({ acceptOlder: true }),
    });
    const accepted = { method: 'GET', url: 'http://api.test/public/x', headers: sign(url) };
    assert.equal(ruled.verify(accepted).sender, 'agent');
    assert.throws(() => ruled.verify({ ...accepted, url, headers: sign(url) }), {
      code: 'sender_not_allowed',
    });
  });

  test('rejects a URL with another host than the Host header, and text that is not a target', () => {
    const headers = sign('http://api.test/b');
    const evil = { url: 'http://evil.test/b', headers: { ...headers, Host: 'api.test' } };
    assert.throws(() => verify(evil), { name: 'RejectedError' });
    for (const url of ['http://other.test/b', 'api.test/b', 'ftp://api.test/b', '', '//', 'http://']) {
      assert.throws(() => verify({ url, headers }), { name: 'RejectedError' }, url);
    }
  });
});

describe('Signer.sign', () => {
  test('uses the authority of the Host header if the URL has none', () => {
    const headers = sign('/x', { Host: 'api.test' });
    assert.equal(verify({ url: 'http://api.test/x', headers: { ...headers, Host: undefined } }), 'agent');
    assert.equal(
      verify({
        url: '/x',
        headers: sign('http://api.test/x', { host: 'API.test:80' }),
        authority: 'api.test',
      }),
      'agent',
    );
  });

  test('errors contain the missing component, and both hosts if they differ', () => {
    assert.throws(() => sign('/x'), { code: 'SEALWIRE_SIGN', message: /@authority.*Host header/ });
    assert.throws(() => sign('http://api.test/x', { Host: 'evil.test' }), {
      code: 'SEALWIRE_SIGN',
      message: /evil\.test.*api\.test/,
    });
    const covering = new Signer({ name: 'agent', keys, receiver: 'practices', coverFields: ['x-tenant'] });
    const broken = { method: 'GET', url: 'http://a.test/x', headers: { 'X-Tenant': '\u00e9' } };
    assert.throws(() => covering.sign(broken), { code: 'SEALWIRE_SIGN', message: /x-tenant/ });
    const twice = { method: 'GET', url: 'http://a.test/x', userId: 'u', headers: { 'X-User-ID': 'v' } };
    assert.throws(() => signer.sign(twice), { code: 'SEALWIRE_SIGN', message: /x-user-id/i });
  });
});
