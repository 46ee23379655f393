'use strict';

// Tests of `app.use(hmacAuth)` with the settings in `configuration`. Existing services mount their own middleware in this way.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { configuration } = require('..');
const { hmacAuth, mountHmacAuth } = require('../express.js');
const { CLIENT, plainHeaders, SECRET } = require('./support/plain.js');
const { EXPRESS, send, serving } = require('./support/serve.js');

for (const [name, express] of Object.entries(EXPRESS)) {
  test(`${name}: app.use(hmacAuth) verifies with the settings in the configuration`, async () => {
    configuration({ service: { Hmac: { clientId: CLIENT, sharedSecret: SECRET, replay: 'heap' } } });
    const app = express().use(hmacAuth, (req, res) => res.send(req.sealwire.sender));
    await serving(app, async (origin) => {
      assert.equal((await send(origin, { path: '/x' })).status, 401);
      const later = String(Date.now() + 2000); // a request that was signed before the table was created is rejected
      const signed = { path: '/x', headers: plainHeaders('GET', '/x', { timestamp: later }) };
      assert.equal((await send(origin, signed)).text, CLIENT);
      assert.equal((await send(origin, signed)).text, 'Replay detected');
    });
  });

  test(`${name}: app.use(hmacAuth) accepts no request before it is configured`, async () => {
    configuration({ server: {} });
    const failed = (error, _req, res, _next) => res.status(500).send(error.message); // eslint-disable-line no-unused-vars -- Express detects error handlers by their four parameters
    const app = express()
      .use(hmacAuth, (_req, res) => res.send('in'))
      .use(failed);
    await serving(app, async (origin) => {
      const { status, text } = await send(origin, { headers: plainHeaders('GET', '/') });
      assert.equal(status, 500);
      assert.match(text, /configuration\(\{ service: \{ Hmac/);
    });
  });
}

test('mountHmacAuth applies the block, and reports whether it was mounted', () => {
  const mounted = [];
  const app = { use: (handler) => mounted.push(handler) };
  const service = { Hmac: { clientId: CLIENT, sharedSecret: SECRET } };
  assert.equal(mountHmacAuth(app, { service }, { replay: 'heap' }), true);
  assert.equal(mountHmacAuth(app, {}), false);
  assert.equal(mountHmacAuth(app, undefined), false);
  assert.equal(mounted.length, 1);
});
