'use strict';

const assert = require('node:assert/strict');
const { randomBytes } = require('node:crypto');
const { setTimeout: sleep } = require('node:timers/promises');
const { checkNames } = require('./names.js');

const KEY_BYTES = 32;
const DISTINCT = 200;
const RACING = 32;
const KEPT_MS = 60_000;
const FAILS_WITHIN_MS = 10_000;

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const newKey = () => hex(randomBytes(KEY_BYTES));
const later = () => Date.now() + KEPT_MS;

// Checks that a store satisfies the replay-store contract, which the section "Your own store" in docs/replay.md describes.
async function checkStore(make, options = {}) {
  checkNames('checkStore()', options, ['broken']);
  const { broken } = options;
  const stores = [make(), make()];
  await claimsOnce(...stores);
  await tellsKeysApart(stores[0]);
  await decidesRaces(stores);
  await keepsClaims(...stores);
  if (broken) await failsClosed(broken());
}

async function claimsOnce(one, other) {
  const key = newKey();
  expect('a new key is claimed', true, await one.claim(key, later()));
  expect('the same store recognises the key', false, await one.claim(key, later()));
  expect('a second store recognises the key', false, await other.claim(key, later()));
}

async function tellsKeysApart(store) {
  const start = newKey().slice(4);
  for (let number = 0; number < DISTINCT; number += 1) {
    const key = start + number.toString(16).padStart(4, '0');
    expect('keys that differ in one digit are different keys', true, await store.claim(key, later()));
  }
}

async function decidesRaces(stores) {
  for (let race = 0; race < 3; race += 1) {
    const key = newKey();
    const racing = Array.from({ length: RACING }, (_, at) => stores[at % stores.length].claim(key, later()));
    const results = await Promise.all(racing);
    const first = results.filter((result) => result === true).length;
    const seen = results.filter((result) => result === false).length;
    expect(`of ${RACING} claims at the same time one is first`, [1, RACING - 1], [first, seen]);
  }
}

async function keepsClaims(one, other) {
  const key = newKey();
  const soon = Date.now() + 1500;
  expect('a key that expires soon is claimed', true, await one.claim(key, soon));
  while (Date.now() < soon - 200) {
    expect('a claim is kept until it expires', false, await other.claim(key, soon));
    await sleep(250);
  }
}

async function failsClosed(store) {
  const rule = `a store without its data rejects within ${FAILS_WITHIN_MS / 1000} s`;
  const claimed = store.claim(newKey(), later()).then(
    (result) => `the result ${result}`,
    () => 'a rejection',
  );
  const waiting = new AbortController();
  const late = sleep(FAILS_WITHIN_MS, 'nothing', { signal: waiting.signal });
  late.catch(() => undefined); // aborted
  expect(rule, 'a rejection', await Promise.race([claimed, late]));
  waiting.abort();
}

function expect(rule, expected, observed) {
  const [wanted, found] = [expected, observed].map((value) => JSON.stringify(value));
  assert.deepEqual(observed, expected, `${rule}: expected ${wanted}, observed ${found}`);
}

module.exports = { checkStore };
