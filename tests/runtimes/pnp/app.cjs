'use strict';

// A server and a client for the test with Yarn PnP. Yarn PnP loads packages from archives and rejects
// undeclared dependencies.

const assert = require('node:assert/strict');
const http = require('node:http');
const client = require('prom-client');
const { KeyRing, Signer } = require('sealwire');
const { hmacAuth } = require('sealwire/express');
const { signedFetch } = require('sealwire/fetch');
const { Metrics } = require('sealwire/metrics');

for (const name of ['fastify', 'h3', 'redis', 'secrets', 'testing', 'web']) require(`sealwire/${name}`);

const keys = new KeyRing({ clients: { gateway: 'a secret of more than thirty-two bytes, for tests only' } });
const guard = hmacAuth({ keys, schemes: ['client'], metrics: new Metrics() });
const server = http.createServer((req, res) => guard(req, res, () => res.end(req.sealwire.sender)));

server.listen(0, '127.0.0.1', async () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const send = signedFetch(new Signer({ name: 'gateway', keys, schemes: ['client'] }), { origins: [origin] });
  assert.equal(await (await send(`${origin}/items?id=1`)).text(), 'gateway');
  assert.equal((await fetch(origin)).status, 401);
  assert.match(await client.register.metrics(), /hmac_auth_success_total\{[^}]*\} 1/);
  server.close();
  console.log('served');
});
