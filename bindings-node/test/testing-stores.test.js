'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { setTimeout: sleep } = require('node:timers/promises');
const { checkStore } = require('../testing.js');

class Memory {
  constructor(claimed) {
    this.claimed = claimed;
  }

  async claim(key) {
    if (this.claimed.has(key)) return false;
    this.claimed.add(key);
    return true;
  }
}

// A store that reads and writes in two separate steps, so that two simultaneous claims can both succeed.
class Racy extends Memory {
  async claim(key) {
    const known = this.claimed.has(key);
    await sleep(0);
    this.claimed.add(key);
    return !known;
  }
}

class Forgetful extends Memory {
  async claim(key, expiresAtMs) {
    const first = await super.claim(key);
    if (expiresAtMs - Date.now() < 10_000) this.claimed.delete(key);
    return first;
  }
}

class Short extends Memory {
  claim(key) {
    return super.claim(key.slice(0, 62));
  }
}

class Text extends Memory {
  async claim(key) {
    return (await super.claim(key)) ? 'OK' : false;
  }
}

const open = { claim: async () => true };
const unreachable = { claim: () => Promise.reject(new Error('unreachable')) };
const silent = { claim: () => new Promise(() => {}) };
const sharing = (Kind) => {
  const claimed = new Set();
  return () => new Kind(claimed);
};

test('a store that satisfies the contract passes the check', () =>
  checkStore(sharing(Memory), { broken: () => unreachable }));

for (const [what, make, broken, rule] of [
  ['a race', sharing(Racy), undefined, /at the same time/],
  ['a short memory', sharing(Forgetful), undefined, /kept until it expires/],
  ['a cut key', sharing(Short), undefined, /differ in one digit/],
  ['another type', sharing(Text), undefined, /a new key is claimed/],
  ['data of its own', () => new Memory(new Set()), undefined, /a second store/],
  ['an open failure', sharing(Memory), () => open, /without its data rejects/],
  ['silence', sharing(Memory), () => silent, /observed "nothing"/],
]) {
  test(`the check rejects a store with ${what}`, () => assert.rejects(checkStore(make, { broken }), rule));
}
