// Measures the CPU time per claim of a nonce in Redis. The Redis server runs on loopback.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Redis from 'ioredis';
import { createClient } from 'redis';
import { nanoseconds, run } from './harness.mjs';
import { sealwire } from './samples.mjs';

const { redisStore } = createRequire(import.meta.url)('sealwire/redis');

const KEPT_MS = 60_000;
const PER_ROUND = 640;

// Measures claims, with `concurrent` requests in flight at a time.
export async function claims(row, rounds, concurrent) {
  const server = await start();
  const clients = [await nodeRedis(server.port), await nodeRedis(server.port), ...ioredis(server.port, 2)];
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
  server.stop();
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

// Starts a Redis server without persistence.
async function start() {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'bench-redis-'));
  const settings = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ];
  const server = spawn(process.env.REDIS_SERVER ?? 'redis-server', settings, { stdio: 'ignore' });
  await listening(port);
  const stop = () => {
    server.kill();
    rmSync(folder, { recursive: true });
  };
  return { port, stop };
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function listening(port, attempts = 100) {
  const isOpen = await new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1', () => resolve(true));
    probe.on('error', () => resolve(false)).on('connect', () => probe.destroy());
  });
  if (isOpen) return;
  if (attempts === 0) throw new Error('redis-server does not start');
  await sleep(50);
  await listening(port, attempts - 1);
}
