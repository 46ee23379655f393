// Claiming nonces in lru-cache, and all of a verification in Sealwire, which does not offer the claim by itself here.
// Both hold as many live nonces.

import crypto from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { round, run } from './harness.mjs';
import { MAX_CLOCK_SKEW } from './by-hand.mjs';
import { CLIENT, METHOD, SECRET, TARGET, flat, incoming, ring, sealwire } from './samples.mjs';

const { ReplayTable, Verifier } = sealwire;

const PER_ROUND = 500;
const nonce = () => flat(crypto.randomUUID());

export function claims(row, rounds, live) {
  const cache = new LRUCache({ max: live, ttl: MAX_CLOCK_SKEW });
  // Time does not pass quickly enough for nonces to expire during the row, so there is room for those it adds.
  const replay = ReplayTable.heap({ slots: (live + (rounds + 10) * PER_ROUND) * 2 });
  const verifier = new Verifier({ service: 'iam', keys: ring(), schemes: ['client'], replay });
  const fresh = () => incoming(sealwire.signRequest(METHOD, TARGET, SECRET, CLIENT));
  const subjects = {
    sealwire: round(
      PER_ROUND,
      ({ method, originalUrl, rawHeaders }) =>
        verifier.verify({ method, url: originalUrl, headers: rawHeaders }),
      fresh,
    ),
    'lru-cache': round(PER_ROUND, (nonce) => claimed(cache, nonce), nonce),
  };
  for (let at = 0; at < live; at += PER_ROUND) Object.values(subjects).forEach((fill) => fill());
  return run(row, rounds, subjects);
}

function claimed(cache, nonce) {
  if (cache.has(nonce)) throw new Error('a fresh nonce was refused');
  cache.set(nonce, true);
}

// Bytes of memory per live nonce in lru-cache.
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
