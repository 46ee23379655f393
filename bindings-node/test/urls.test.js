'use strict';

const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');

const { KeyRing, Signer } = require('..');
const { splitUrl } = require('../lib/head.js');

// Returns the parts of a URL after normalisation by JavaScript's URL parser. `fetch` sends these parts.
function parsed(url) {
  const { pathname, search, host, protocol } = new URL(url);
  return { target: pathname + search, authority: host, scheme: protocol.slice(0, -1) };
}

// Returns whether a string is a URL. `URL.canParse` is not used, because V8 has a bug: after V8 has optimised the caller, it
// returns false for URLs with non-ASCII Latin-1 characters.
function canParse(url) {
  try {
    return Boolean(parsed(url));
  } catch {
    return false;
  }
}

const AUTHORITIES = ['a.test', 'A.test', 'a.test:80', 'a.test:443', 'a.test:8080', 'a.test:080', 'a.test:'];
AUTHORITIES.push('127.0.0.1', '[::1]:9', 'a', 'xn--caf-dma.test', 'caf\u00e9.test', 'a.test:65535', 'a-b.c0');
const PATHS = [
  '',
  '/',
  '/a',
  '/a/b',
  '/a/',
  '//a',
  '/a//b',
  '/.',
  '/..',
  '/a/../b',
  '/a/./b',
  '/.a',
  '/a.b',
  '/%2e%2e/a',
  '/a/%2E',
];
PATHS.push(
  '/a b',
  "/a'b",
  '/a"b',
  '/a|b',
  '/a^b',
  '/a`b',
  '/a{b}',
  '/caf\u00e9',
  '/%zz',
  '/a%2Fb',
  '/a;b=c',
  '/a:b@c',
  '/a\\b',
);
const QUERIES = [
  '',
  '?',
  '?a',
  '?a=b',
  '?a b',
  "?a'b",
  '?a"b',
  '?a?b/c',
  '?%27',
  '?caf\u00e9',
  '?a#b',
  '#a',
  '?a{b}|c',
  '?[a]',
  '?..',
];

test('splitUrl returns the parts that fetch sends, for normalised and other URLs', () => {
  let compared = 0;
  for (const scheme of ['http', 'https', 'HTTP']) {
    for (const authority of AUTHORITIES) {
      for (const path of PATHS) {
        for (const query of QUERIES) {
          const url = `${scheme}://${authority}${path}${query}`;
          if (!canParse(url)) continue;
          assert.deepEqual(splitUrl(url), parsed(url), url);
          compared++;
        }
      }
    }
  }
  assert.ok(compared > 10_000);
});

// Matches URLs that JavaScript's URL parser accepts and the core crate rejects. They contain line breaks, a user name, an empty
// host, or special characters in the host.
const REFUSED = /[\t\n\r]|^https:\/\/(?:[^/]*@|[/\\]|[^/]*["`{}%])/;

// The native addon checks long strings in chunks. The last chunk overlaps the previous one, so the test covers every position.
test('a special character is found at any position', () => {
  const [host, path] = [
    'a-host-of-more-than-16-characters.test',
    '/a-path-of-more/than-two-times-16-characters',
  ];
  const put = (text, at, character) => text.slice(0, at) + character + text.slice(at + 1);
  const compare = (url) => {
    if (!canParse(url)) return;
    if (REFUSED.test(url)) assert.throws(() => splitUrl(url), { code: 'SEALWIRE_SIGN' }, url);
    else assert.deepEqual(splitUrl(url), parsed(url), url);
  };
  for (let code = 0; code < 0x180; code += 1) {
    const character = String.fromCharCode(code);
    for (let at = 0; at < path.length; at += 1) compare(`https://${host}/${put(path, at, character)}`);
    for (let at = 0; at < host.length; at += 1) compare(`https://${put(host, at, character)}${path}`);
  }
});

test('a URL with characters outside of Latin-1 is signed as normalised by a parser', () => {
  const keys = new KeyRing({ clients: { a: '0123456789abcdef0123456789abcdef' } });
  const signer = new Signer({ name: 'a', keys, schemes: ['client'] });
  const sign = (url) => signer.sign({ method: 'GET', url, now: 1, nonce: 'n' });
  // The low byte of the first character is a line break.
  for (const character of ['\u010a', '\u0142', '\u20ac']) {
    const url = `https://a.test/${character}`;
    assert.deepEqual(sign(url), sign(parsed(url).target), url);
  }
});

test('a target is not changed, and other values are rejected', () => {
  assert.deepEqual(splitUrl('/a b', 'a.test', 'http'), {
    target: '/a b',
    authority: 'a.test',
    scheme: 'http',
  });
  for (const url of ['', 'a', 'a.test/b', 'mailto:a@b', 'file:///a', 'http://', '?a']) {
    assert.throws(() => splitUrl(url), { code: 'SEALWIRE_SIGN' }, url);
  }
});

const { cases } = JSON.parse(readFileSync(join(__dirname, '../../tests/vectors/url.json'), 'utf8'));

// Matches vectors with non-ASCII hosts. The core crate rejects such hosts, but JavaScript's URL parser converts them.
const PARSER_ONLY = /not ASCII/;

test('the vectors agree with a URL parser', () => {
  const accepted = cases.filter(({ expect }) => expect.url);
  for (const { name, url, expect } of accepted) assert.deepEqual(parsed(url), expect.url, name);
  assert.ok(accepted.length >= 40);
});

test('all URLs in the vectors are split or rejected as expected', () => {
  for (const { name, why, url, expect } of cases) {
    if (expect.url) assert.deepEqual(splitUrl(url), expect.url, name);
    else if (PARSER_ONLY.test(why)) assert.deepEqual(splitUrl(url), parsed(url), name);
    else assert.throws(() => splitUrl(url), { code: 'SEALWIRE_SIGN' }, name);
  }
});

test('an absolute URL has the same signature as its parts', () => {
  const keys = new KeyRing({ clients: { a: '0123456789abcdef0123456789abcdef' } });
  const signer = new Signer({ name: 'a', keys });
  const sign = (request) => signer.sign({ method: 'GET', now: 1, nonce: 'n', ...request });
  for (const { name, url, expect } of cases) {
    if (!expect.url) continue;
    const { scheme, authority, target } = expect.url;
    assert.deepEqual(sign({ url }), sign({ url: target, authority, scheme }), name);
  }
});
