// Measures claims of nonces. Both stores contain the same number of live nonces.

import crypto from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { round, run } from './harness.mjs';
import { MAX_CLOCK_SKEW } from './by-hand.mjs';
import { flat, sealwire } from './samples.mjs';

const { ReplayTable } = sealwire;

const PER_ROUND = 500;
const nonce = () => flat(crypto.randomUUID());
// The expiry time is computed in advance, so a claim does not read the clock.
const request = () => ({ nonce: nonce(), until: Date.now() + MAX_CLOCK_SKEW });

export function claims(row, rounds, live) {
  const cache = new LRUCache({ max: live, ttl: MAX_CLOCK_SKEW });
  // Nonces do not expire during the measurement, so the table needs slots for all of them.
  const replay = ReplayTable.heap({ slots: (live + (rounds + 10) * PER_ROUND) * 2 });
  const subjects = {
    sealwire: round(PER_ROUND, ({ nonce, until }) => refused(replay.claim(nonce, until)), request),
    'lru-cache': round(PER_ROUND, ({ nonce }) => claimed(cache, nonce), request),
  };
  for (let at = 0; at < live; at += PER_ROUND) Object.values(subjects).forEach((fill) => fill());
  return run(row, rounds, subjects);
}

function refused(first) {
  if (first !== true) throw new Error('a new nonce was rejected');
}

function claimed(cache, nonce) {
  if (cache.has(nonce)) throw new Error('a new nonce was rejected');
  cache.set(nonce, true);
}

// Returns the number of bytes that lru-cache uses per live nonce.
export function memory() {
  const LIVE = 1_000_000;
  global.gc();
  const before = process.memoryUsage();
  const cache = new LRUCache({ max: LIVE, ttl: MAX_CLOCK_SKEW });
  for (let at = 0; at < LIVE; at += 1) claimed(cache, nonce());
  global.gc();
  const after = process.memoryUsage();
  const used = (usage) => usage.heapUsed + usage.external;
  return (used(after) - used(before)) / cache.size;
}
