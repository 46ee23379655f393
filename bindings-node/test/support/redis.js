'use strict';

const { spawn, spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { Redis } = require('ioredis');
const { freePort, listens } = require('./ports.js');

// Runs a real server, and calls `use` with its port and its process.
async function withRedis(use, more = []) {
  const program = process.env.REDIS_SERVER ?? ['redis-server', 'valkey-server'].find(isInstalled);
  if (!program) throw new Error('install redis-server, or set REDIS_SERVER to its path');
  const directory = mkdtempSync(path.join(os.tmpdir(), 'sealwire-redis-'));
  const port = await freePort();
  const options = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory];
  const server = spawn(program, ['--port', String(port), ...options, ...more], { stdio: 'ignore' });
  try {
    await listens(port);
    return await use(port, server);
  } finally {
    server.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }
}

// Runs a cluster of two servers. Each server has half of the hash slots, so the client must select the right server for each
// key.
async function withCluster(use) {
  const clustered = async () => ['--cluster-enabled', 'yes', '--cluster-port', String(await freePort())];
  const [first, second] = [await clustered(), await clustered()];
  return withRedis(
    (one) => withRedis(async (two) => use(await joined(one, two, second.at(-1))), second),
    first,
  );
}

async function joined(one, two, busOfTwo) {
  const clients = [one, two].map((port) => new Redis(port, '127.0.0.1'));
  try {
    await clients[0].call('CLUSTER', 'ADDSLOTSRANGE', '0', '8191');
    await clients[1].call('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383');
    await clients[0].call('CLUSTER', 'MEET', '127.0.0.1', String(two), busOfTwo);
    for (const client of clients) {
      while (!(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await sleep(50);
    }
  } finally {
    for (const client of clients) client.disconnect();
  }
  return [one, two];
}

const isInstalled = (name) => spawnSync(name, ['--version']).status === 0;

module.exports = { withCluster, withRedis };
