'use strict';

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { mkdtempSync, renameSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { CLIENT, SECRET, plainHeaders, plainVerifies } = require('../support/plain.js');
const { freePort } = require('../support/ports.js');
const { send } = require('../support/serve.js');

const ENVIRONMENT = { CLIENT_ID: CLIENT, SHARED_SECRET: SECRET };

// Runs a built server in an empty folder, and sends a request to each of its two routes.
async function tryBuilt(output, prefix) {
  const away = mkdtempSync(path.join(os.tmpdir(), 'sealwire-built-'));
  renameSync(output, path.join(away, 'output'));
  const port = await freePort();
  const env = { ...process.env, ...ENVIRONMENT, PORT: String(port), HOST: '127.0.0.1' };
  const server = spawn(process.execPath, [path.join(away, 'output/server/index.mjs')], {
    cwd: away,
    env,
    stdio: 'inherit',
  });
  try {
    await tryRoutes(`http://127.0.0.1:${port}`, prefix);
  } finally {
    server.kill();
    rmSync(away, { recursive: true });
  }
}

async function tryRoutes(origin, prefix) {
  const signed = JSON.parse((await eventually(() => send(origin, { path: `${prefix}/signed` }))).text);
  assert.ok(plainVerifies('GET', `${prefix}/signed`, signed));
  const path = `${prefix}/verified?a=1`;
  const request = { path, headers: plainHeaders('GET', path) };
  assert.equal((await send(origin, request)).text, CLIENT);
  assert.equal((await send(origin, request)).text, 'Replay detected');
}

// Repeats a request until the server accepts connections.
async function eventually(ask) {
  for (let tries = 0; tries < 200; tries++) {
    try {
      return await ask();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return ask();
}

module.exports = { ENVIRONMENT, eventually, tryBuilt };
