'use strict';

// Writes the README's samples for Nitro and Nuxt to files. Each sample contains the name of its file.

const assert = require('node:assert/strict');
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { CLIENT, SECRET, plainVerifies } = require('../support/plain.js');

const README = readFileSync(path.join(__dirname, '../../README.md'), 'utf8');

function writeSamples(folder) {
  const [section] = /^### Nitro and Nuxt$.*?^## /ms.exec(README);
  const samples = [...section.matchAll(/^```js\n\/\/ (server\/\S+)\n(.*?)^```/gms)];
  assert.equal(samples.length, 2);
  for (const [, file, code] of samples) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), code);
  }
}

// Runs the service that the samples call. Calls `use` with the environment variables for the samples.
async function withCalledService(use) {
  const service = http
    .createServer((req, res) => {
      const isSigned = plainVerifies(req.method, req.url, req.headers);
      res.writeHead(isSigned ? 200 : 401, { 'Content-Type': 'application/json' });
      res.end(JSON.stringify({ called: `${req.method} ${req.url}` }));
    })
    .listen(0, '127.0.0.1');
  await new Promise((resolve) => service.once('listening', resolve));
  try {
    return await use({
      AUTH_SERVER_LOCATION: '127.0.0.1',
      AUTH_PORT_LOCATION: String(service.address().port),
      HMAC_CLIENT_ID: CLIENT,
      HMAC_SHARED_SECRET: SECRET,
    });
  } finally {
    service.closeAllConnections();
    service.close();
  }
}

module.exports = { withCalledService, writeSamples };
