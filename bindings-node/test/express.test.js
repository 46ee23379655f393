'use strict';

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');

const { KeyRing, signRequest, Verifier } = require('..');
const { hmacAuth, mountHmacAuth } = require('../express.js');
const { CLIENT, SECRET, plainHeaders } = require('./support/plain.js');
const { guardedApp } = require('./support/express.js');
const { EXPRESS, memory, send, serving } = require('./support/serve.js');

const SINGLE = { clientId: CLIENT, sharedSecret: SECRET };
const TEXT = 'text/plain; charset=utf-8';

for (const [version, express] of Object.entries(EXPRESS)) {
  describe(version, () => {
    const app = (config) => guardedApp(express, config);
    const ask = (config, request) => serving(app(config), (origin) => send(origin, request));

    test('accepts a signed request and reports its sender', async () => {
      const path = '/api/users?page=2&q=a%2Fb';
      const answer = await ask(SINGLE, { path, headers: plainHeaders('GET', path) });
      assert.equal(answer.status, 200);
      assert.equal(JSON.parse(answer.text).sender, CLIENT);
    });

    test('parsers that are mounted after it can read the body', async () => {
      const headers = { ...plainHeaders('POST', '/x'), 'Content-Type': 'application/json' };
      const answer = await ask(SINGLE, { method: 'POST', path: '/x', headers, body: '{"a":1}' });
      assert.deepEqual(JSON.parse(answer.text).body, { a: 1 });
    });

    const without = (name) => {
      const { [name]: _dropped, ...rest } = plainHeaders('GET', '/x');
      return rest;
    };
    const REJECTIONS = {
      'Missing auth headers': [
        ['no header at all', () => ({})],
        ['no client id', () => without('X-Client-Id')],
        ['no timestamp', () => without('X-Timestamp')],
        ['no request id', () => without('X-Request-ID')],
        ['no signature', () => without('X-Signature')],
        ['an empty signature', () => plainHeaders('GET', '/x', { signature: '' })],
      ],
      'Unknown client': [['another id', () => plainHeaders('GET', '/x', { id: 'somebody' })]],
      'Stale timestamp': [
        ['too old', () => plainHeaders('GET', '/x', { timestamp: String(Date.now() - 301_000) })],
        ['too new', () => plainHeaders('GET', '/x', { timestamp: String(Date.now() + 302_000) })],
      ],
      "Buffer Doesn't match": [
        ['another secret', () => plainHeaders('GET', '/x', { secret: 'another' })],
        ['another path', () => plainHeaders('GET', '/y')],
        ['another method', () => plainHeaders('POST', '/x')],
        ['another length', () => plainHeaders('GET', '/x', { signature: 'abcd' })],
      ],
    };
    for (const [text, cases] of Object.entries(REJECTIONS)) {
      for (const [name, headers] of cases) {
        test(`answers "${text}" to ${name}`, async () => {
          assert.deepEqual(await ask(SINGLE, { path: '/x', headers: headers() }), {
            status: 401,
            type: TEXT,
            text,
          });
        });
      }
    }

    test('answers "Replay detected" to the second of two equal requests', async () => {
      await serving(app(SINGLE), async (origin) => {
        const request = { path: '/x', headers: plainHeaders('GET', '/x') };
        assert.equal((await send(origin, request)).status, 200);
        assert.deepEqual(await send(origin, request), { status: 401, type: TEXT, text: 'Replay detected' });
      });
    });

    test('verifies the complete URL in a mounted router', async () => {
      const outer = express();
      outer.use('/api', app(SINGLE));
      await serving(outer, async (origin) => {
        const signed = (url) => send(origin, { path: '/api/users?a=1', headers: plainHeaders('GET', url) });
        assert.equal((await signed('/api/users?a=1')).status, 200);
        assert.equal((await signed('/users?a=1')).status, 401);
      });
    });

    test('accepts a local health check with any headers', async () => {
      await serving(app(SINGLE), async (origin) => {
        const forged = plainHeaders('GET', '/health', { secret: 'another' });
        assert.equal((await send(origin, { path: '/health' })).text, 'healthy');
        assert.equal((await send(origin, { path: '/health', headers: forged })).text, 'healthy');
        assert.equal((await send(origin, { path: '/healthy' })).status, 401);
        assert.equal((await send(origin, { path: '/health', method: 'POST' })).status, 401);
      });
      assert.equal((await ask({ ...SINGLE, localHealthCheck: false }, { path: '/health' })).status, 401);
    });

    test('uses the address of the socket, and no address in a header', async () => {
      // Replaces the peer address with the address of another machine.
      const elsewhere = (inner) => (req, res) => {
        Object.defineProperty(req.socket, 'remoteAddress', { value: '192.0.2.7' });
        inner(req, res);
      };
      await serving(elsewhere(app(SINGLE)), async (origin) => {
        const headers = { 'X-Forwarded-For': '127.0.0.1', Forwarded: 'for=127.0.0.1' };
        assert.equal((await send(origin, { path: '/health', headers })).status, 401);
      });
    });

    test('logs the documented fields, and the stable name of the reason', async () => {
      const logger = memory();
      await serving(app({ ...SINGLE, logger }), async (origin) => {
        await send(origin, { path: '/x', headers: plainHeaders('GET', '/x') });
        await send(origin, { path: '/x', headers: plainHeaders('GET', '/y') });
      });
      const [accepted, rejected] = logger.entries;
      assert.deepEqual(
        [accepted.level, accepted.Authorized, accepted.ClientID, accepted.Reason],
        ['info', true, CLIENT, 'Match'],
      );
      assert.deepEqual(
        [rejected.level, rejected.Authorized, rejected.reason, rejected.clientId, rejected.code],
        ['warn', false, "Buffer Doesn't match", CLIENT, 'signature_mismatch'],
      );
      assert.doesNotMatch(JSON.stringify(logger.entries), /[0-9a-f]{64}/, 'no signature is logged');
    });

    test('supports several clients, each with versions of its secret', async () => {
      const clients = {
        [CLIENT]: { primary: 2, versions: { 1: `old ${SECRET}`, 2: SECRET } },
        other: `o ${SECRET}`,
      };
      await serving(app({ clients }), async (origin) => {
        const status = async (override) =>
          (await send(origin, { path: '/x', headers: plainHeaders('GET', '/x', override) })).status;
        assert.equal(await status({}), 200);
        assert.equal(await status({ secret: `old ${SECRET}` }), 200);
        assert.equal(await status({ id: 'other', secret: `o ${SECRET}` }), 200);
        assert.equal(await status({ id: 'other', secret: SECRET }), 401);
      });
    });

    test('observes without rejecting, and logs nothing if the mode is off', async () => {
      for (const [mode, logged] of [
        ['observe', 1],
        ['off', 0],
      ]) {
        const logger = memory();
        const answer = await ask({ ...SINGLE, mode, logger }, { path: '/x' });
        assert.equal(answer.status, 200);
        assert.equal(JSON.parse(answer.text).sender, undefined);
        assert.equal(logger.entries.length, logged);
      }
    });

    test('HMAC_AUTH_ENABLED=false observes', async () => {
      process.env.HMAC_AUTH_ENABLED = 'false';
      try {
        assert.equal((await ask(SINGLE, { path: '/x' })).status, 200);
      } finally {
        delete process.env.HMAC_AUTH_ENABLED;
      }
    });

    test('mounts only if the configuration has the block', async () => {
      for (const [config, status] of [
        [undefined, 200],
        [{ service: {} }, 200],
        [{ service: { Hmac: SINGLE } }, 401],
      ]) {
        const made = express();
        assert.equal(mountHmacAuth(made, config), status === 401);
        made.use((_req, res) => res.end());
        await serving(made, async (origin) => assert.equal((await send(origin)).status, status));
      }
    });
  });
}

test('an invalid configuration stops the start with the name of the setting', () => {
  const refused = (config, message) =>
    assert.throws(() => hmacAuth(config), { code: /^SEALWIRE_(CONFIG|KEYS)$/, message });
  refused({ clientId: CLIENT }, /^sharedSecret: set it/);
  refused({ ...SINGLE, sharedSecret: 'short' }, /billing-service: version 1: .*allowWeak/);
  refused({ ...SINGLE, maxClockSkew: -1 }, /^maxClockSkew: pass a whole number of milliseconds from 0/);
  refused({ ...SINGLE, maxClockSkew: '300000' }, /^maxClockSkew: pass a whole number/);
  refused({ ...SINGLE, skip: true }, /^skip: pass a function/);
  refused({ ...SINGLE, bodyTimeoutMs: 0 }, /^bodyTimeoutMs: pass a number of milliseconds above 0/);
  refused({ ...SINGLE, verifier: {} }, /^verifier: pass a Verifier/);
  refused(undefined, /^hmacAuth\(\): pass an object of settings/);
  refused({ ...SINGLE, shcemes: ['client'] }, /^shcemes: no such setting; did you mean schemes/);
  refused({ ...SINGLE, schemes: ['clientt'] }, /clientt/);
  refused({ ...SINGLE, schemes: ['message'] }, /^service: set the name of this service/);
  refused({ ...SINGLE, replay: 7 }, /^replay: pass/);
});

test("a verifier of one's own can be mounted", async () => {
  const keys = new KeyRing({ clients: { [CLIENT]: SECRET } });
  const verifier = new Verifier({ keys, schemes: ['client'] });
  const handler = hmacAuth({ verifier });
  assert.equal(handler.verifier, verifier);
  await serving(
    (req, res) => handler(req, res, () => res.end(req.sealwire.sender)),
    async (origin) => {
      const answer = await send(origin, { path: '/x', headers: signRequest('GET', '/x', SECRET, CLIENT) });
      assert.equal(answer.text, CLIENT);
    },
  );
});
