'use strict';

const { spawn, spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { freePort, listens } = require('./ports.js');

// Runs a real server for as long as `use` runs, and hands it the port and the process.
async function withRedis(use) {
  const program = process.env.REDIS_SERVER ?? ['redis-server', 'valkey-server'].find(isInstalled);
  if (!program) throw new Error('install redis-server, or name it in REDIS_SERVER');
  const directory = mkdtempSync(path.join(os.tmpdir(), 'sealwire-redis-'));
  const port = await freePort();
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    directory,
  ];
  const server = spawn(program, options, { stdio: 'ignore' });
  try {
    await listens(port);
    return await use(port, server);
  } finally {
    server.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }
}

const isInstalled = (name) => spawnSync(name, ['--version']).status === 0;

module.exports = { withRedis };
