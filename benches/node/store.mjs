// Measures the CPU time per claim of a nonce in Redis. The Redis server runs on loopback.

import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import Redis from 'ioredis';
import { createClient } from 'redis';
import redisServer from '../../bindings-node/test/support/redis.js';
import { nanoseconds, run } from './harness.mjs';
import { sealwire } from './samples.mjs';

const { redisStore } = createRequire(import.meta.url)('sealwire/redis');

const KEPT_MS = 60_000;
const PER_ROUND = 640;

// Measures claims, with `concurrent` requests in flight at a time.
export function claims(row, rounds, concurrent) {
  return redisServer.withRedis((port) => measured(row, rounds, concurrent, port));
}

async function measured(row, rounds, concurrent, port) {
  const clients = [await nodeRedis(port), await nodeRedis(port), ...ioredis(port, 2)];
  const [plain, stored, io, storedIo] = clients;
  const store = redisStore(stored);
  const ioStore = redisStore(storedIo);
  const table = sealwire.ReplayTable.heap({ acceptOlder: true });
  await Promise.all([store.check(), ioStore.check()]);
  const all = {
    sealwire: (nonce) => store.claim(nonce, Date.now() + KEPT_MS),
    'SET by hand': (nonce) => plain.set(nonce, '1', { NX: true, PX: KEPT_MS }),
    'sealwire, ioredis': (nonce) => ioStore.claim(nonce, Date.now() + KEPT_MS),
    'SET by hand, ioredis': (nonce) => io.set(nonce, '1', 'PX', KEPT_MS, 'NX'),
    'heap table': async (nonce) => table.claim(nonce, Date.now() + KEPT_MS),
  };
  const subjects = Object.entries(all).map(([name, claim]) => [name, subject(claim, concurrent)]);
  await run(row, rounds, Object.fromEntries(subjects));
  clients.forEach((client) => (client.destroy ?? client.disconnect).call(client));
}

function subject(claim, concurrent) {
  const worker = async () => {
    for (let at = 0; at < PER_ROUND / concurrent; at += 1) {
      if (!(await claim(randomUUID()))) throw new Error('a new nonce was rejected');
    }
  };
  return async () => {
    const started = nanoseconds();
    await Promise.all(Array.from({ length: concurrent }, worker));
    return (nanoseconds() - started) / PER_ROUND;
  };
}

const nodeRedis = (port) => createClient({ url: `redis://127.0.0.1:${port}` }).connect();

const ioredis = (port, count) => Array.from({ length: count }, () => new Redis(port));
