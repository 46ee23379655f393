#!/usr/bin/env node
// Compares Sealwire with an implementation that uses node:crypto. Both must create the same signatures for random requests.
// Sealwire must accept the signatures of the other implementation and reject changed requests.
//
// Usage: run.mjs [REQUESTS PER SCHEME] [SEED]

import assert from 'node:assert/strict';
import { createHash, randomInt } from 'node:crypto';

import sealwire from '../../../bindings-node/index.js';
import * as plain from './plain.mjs';

const NOW = 1_712_419_200_000;
const PAIR_KEY = Buffer.from("a pair's key of more than thirty-two bytes");
const CLIENT_KEY = "a client's key, with ü and 雪, of 32+ bytes";
const ISSUER_KEY = "an issuer's key, with ü, of 32+ bytes";
const keys = new sealwire.KeyRing({
  pairs: { 'agent/practices': PAIR_KEY.toString('base64') },
  clients: { 'billing-service': CLIENT_KEY },
  issuer: ISSUER_KEY,
});
const keyOf = { message: PAIR_KEY, pairwise: PAIR_KEY, client: CLIENT_KEY };

const [count = 1000, seed = randomInt(2 ** 32)] = process.argv.slice(2).map(Number);
const choose = choices(seed);

for (const scheme of ['message', 'pairwise', 'client'])
  for (let at = 0; at < count; at += 1) {
    const sent = generated();
    try {
      compare(scheme, sent);
    } catch (error) {
      console.error(`seed ${seed}, ${scheme} request ${at}:`, {
        ...sent,
        body: sent.body.toString('hex').slice(0, 200),
      });
      throw error;
    }
  }
for (let at = 0; at < count; at += 1) compareToken();
console.log(
  `    differential: Node: ${count} requests per scheme and ${count} tokens, both ways (seed ${seed})`,
);

function compare(scheme, sent) {
  const name = scheme === 'client' ? 'billing-service' : 'agent';
  const { target: url, ...rest } = sent;
  const request = { ...rest, url, scheme: 'https', receiver: 'practices' };
  const signer = new sealwire.Signer({ name, keys, schemes: [scheme] });
  const byHand = plain[scheme](sent, keyOf[scheme]);
  assert.deepEqual(lowerCased(signer.sign(request)), lowerCased(byHand), 'signed differently');
  const verified = (changes) => verify(scheme, { ...request, headers: byHand, ...changes });
  assert.equal(verified({}), 'accepted');
  for (const changes of [
    { method: sent.method === 'PUT' ? 'POST' : 'PUT' },
    { url: `/x${url}` },
    bodyOf(scheme, sent),
  ])
    assert.notEqual(verified(changes), 'accepted', `a changed request was accepted: ${Object.keys(changes)}`);
}

// Changes the body. The scheme `client` does not sign the body, so the test changes the request id instead.
function bodyOf(scheme, { body, ...sent }) {
  if (scheme !== 'client') return { body: body.length > 0 ? body.subarray(1) : Buffer.from([0]) };
  return {
    headers: { ...plain.client(sent, CLIENT_KEY), 'X-Request-ID': `${sent.nonce.slice(1)}!`.slice(-2) },
  };
}

// Verifies with a new replay table, because some nonces are verified more than once.
function verify(scheme, request) {
  const replay = sealwire.ReplayTable.heap({ slots: 8, acceptOlder: true });
  const verifier = new sealwire.Verifier({
    service: 'practices',
    keys,
    schemes: [scheme],
    replay,
    authorities: 'any',
  });
  try {
    verifier.verify(request);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof sealwire.RejectedError)) throw error;
    return error.code;
  }
}

function compareToken() {
  const account = uuid();
  const roles = Array.from({ length: choose(5) }, () => ({
    name: text('abcü雪_-', 1, 12),
    write: choose(2) === 1,
  }));
  const spelled = roles.map(({ name, write }) => `${name}:${write ? 1 : 0}`).join(',');
  const beans = [
    `aid=${account}`,
    'edt=2030-01-02T03:04:05+00:00',
    ...(roles.length > 0 ? [`rls=${spelled}`] : []),
    'kvr=1',
  ];
  const said = { account, expires: Date.UTC(2030, 0, 2, 3, 4, 5), roles };
  assert.equal(
    sealwire.ConnectionString.issue(keys, said),
    plain.token(ISSUER_KEY, beans),
    'issued differently',
  );
  const reversed = plain.token(ISSUER_KEY, [...beans].reverse());
  assert.equal(sealwire.ConnectionString.verify(keys, reversed, { now: NOW }).account, account);
  const other = plain.token(`${ISSUER_KEY}!`, beans);
  assert.throws(() => sealwire.ConnectionString.verify(keys, other, { now: NOW }), sealwire.RejectedError);
}

// Generates a request. Each character of the target stands for one byte.
function generated() {
  const visible = printable('');
  return {
    method: ['GET', 'POST', 'delete', 'M-SEARCH'][choose(4)],
    target: `/${text(printable('#'), 0, [0, 8, 80, 4000][choose(4)])}`,
    authority: ['practices.internal', 'HOST:8443', 'h:443', '[::1]:80'][choose(4)],
    body: body(),
    userId: choose(2) ? text(visible, 1, 128) : undefined,
    nonce: text('abcXYZ019._-', 1, 128),
    now: NOW + choose(3000),
  };
}

function body() {
  const kind = choose(20);
  if (kind === 0) return bytes(1 << 20);
  if (kind < 6) return Buffer.alloc(0);
  if (kind < 12) return Buffer.from(text('aé雪🙂 "\n', 0, 200));
  return bytes([1, 55, 56, 63, 64, 65, 127, 128, 129, 5000][choose(10)]);
}

function bytes(length) {
  const block = createHash('sha256')
    .update(String(choose(2 ** 31)))
    .digest();
  return Buffer.alloc(length, block);
}

// This must be a function declaration, which is hoisted, because the loop at the top of the file calls it.
function printable(without) {
  const all = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at));
  return all.filter((it) => it !== without).join('');
}

function text(alphabet, shortest, longest) {
  const letters = [...alphabet];
  return Array.from(
    { length: shortest + choose(longest - shortest + 1) },
    () => letters[choose(letters.length)],
  ).join('');
}

function uuid() {
  const digits = bytes(16).toString('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function lowerCased(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

// Creates a Mulberry32 generator: a function that returns random numbers below a limit. A run can be
// reproduced with its seed.
function choices(start) {
  let state = start >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}
