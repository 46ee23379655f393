'use strict';

// Tests with other middleware that is mounted before or after hmacAuth. The middleware changes the method or observes the end of
// a response. Also tests responses without a body.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const methodOverride = require('method-override');
const onFinished = require('on-finished');

const { hmacAuth } = require('../../express.js');
const { signedFetch } = require('../../fetch.js');
const { CONFIG, PAIR, SCHEMES, signed, SIGNERS } = require('../support/calls.js');
const { EXPRESS, send, serving } = require('../support/serve.js');

const SIGNING = { ...CONFIG, authorities: 'any', signResponses: true };
const call = signedFetch(SIGNERS.message, { verifyResponses: true });

const OVERRIDE = 'X-HTTP-Method-Override';

// Returns an application that reports the method of the handler that was called.
function overridden(express, order, config = {}) {
  const app = express();
  const [guard, override] = [hmacAuth({ ...CONFIG, ...config }), methodOverride(OVERRIDE)];
  app.use(...(order === 'before' ? [override, guard] : [guard, override]));
  app.all('/x', (req, res) => res.send(req.method));
  return app;
}

// Rules that restrict the methods that senders may use. The header that overrides the method is not signed in `client` and
// `pairwise`, so the middleware rejects this header only if there are such rules.
const RULES = { senders: { agent: { methods: ['POST'] }, cli: { methods: ['POST'] } } };

function signedWith(coverFields) {
  const { KeyRing, Signer } = require('../..');
  const keys = new KeyRing({ pairs: { 'agent/practices': PAIR } });
  const signer = new Signer({ name: 'agent', keys, receiver: 'practices', coverFields });
  const headers = { Host: 'practices.test', [OVERRIDE]: 'DELETE' };
  const more = signer.sign({ method: 'POST', url: 'http://practices.test/x', headers });
  return { method: 'POST', path: '/x', headers: { ...headers, ...more } };
}

for (const [version, express] of Object.entries(EXPRESS)) {
  for (const order of ['before', 'after']) {
    for (const scheme of SCHEMES) {
      test(`${version}: method-override mounted ${order} hmacAuth changes no method signed in ${scheme}`, async () => {
        await serving(overridden(express, order, RULES), async (origin) => {
          assert.equal((await send(origin, signed(scheme, { method: 'POST', path: '/x' }))).text, 'POST');
          for (const name of [OVERRIDE, OVERRIDE.toLowerCase(), 'X-HTTP-Method', 'X-Method-Override']) {
            const { headers, ...request } = signed(scheme, { method: 'POST', path: '/x' });
            const { status } = await send(origin, { ...request, headers: { ...headers, [name]: 'DELETE' } });
            assert.equal(status, 401, name);
          }
        });
      });
    }
  }

  test(`${version}: an override that a message signature covers runs when it is mounted after`, async () => {
    await serving(overridden(express, 'after'), async (origin) => {
      assert.equal((await send(origin, signedWith([OVERRIDE]))).text, 'DELETE');
      // The signer covers this header even if it is not in coverFields.
      assert.equal((await send(origin, signedWith([]))).text, 'DELETE');
    });
    // If method-override is mounted before hmacAuth, it changes the method that the signature covers.
    await serving(overridden(express, 'before'), async (origin) => {
      assert.equal((await send(origin, signedWith([OVERRIDE]))).status, 401);
    });
  });

  for (const order of ['before', 'after']) {
    test(`${version}: on-finished mounted ${order} hmacAuth reports each response once`, async () => {
      const seen = [];
      const watch = (req, res, next) => {
        onFinished(res, (error, { statusCode }) => seen.push([req.method, statusCode, error]));
        next();
      };
      const app = express();
      const guard = hmacAuth(SIGNING);
      app.use(...(order === 'before' ? [watch, guard] : [guard, watch]));
      app.use((_req, res) => res.status(201).send('x'));
      await serving(app, async (origin) => {
        assert.equal((await call(origin)).status, 201);
        assert.equal((await fetch(origin)).status, 401);
      });
      const rejected = order === 'before' ? [['GET', 401, null]] : [];
      assert.deepEqual(seen, [['GET', 201, null], ...rejected]);
    });
  }

  test(`${version}: responses to HEAD, 304 and 204 are signed and have no body`, async () => {
    const app = express();
    app.use(hmacAuth(SIGNING));
    app.get('/empty', (_req, res) => res.status(204).end());
    app.use((_req, res) => res.send('a text with an entity tag'));
    await serving(app, async (origin) => {
      const first = await call(origin);
      assert.equal(await first.text(), 'a text with an entity tag');
      const head = await call(origin, { method: 'HEAD' });
      assert.deepEqual([head.status, head.headers.get('content-length'), await head.text()], [200, '25', '']);
      const headers = { 'If-None-Match': first.headers.get('etag') };
      const unchanged = await call(origin, { headers, cache: 'no-store' });
      // fetch adds `Cache-Control: no-cache` to a conditional request, so Express may send a complete response.
      assert.ok([200, 304].includes(unchanged.status));
      const signed304 = SIGNERS.message.sign({ method: 'GET', url: `${origin}/` });
      const raw = await conditional(origin, { ...signed304, ...headers });
      assert.equal(raw.status, 304);
      SIGNERS.message.verifyResponse(
        { method: 'GET', url: `${origin}/`, headers: signed304 },
        { ...raw, body: '' },
      );
      assert.equal((await call(`${origin}/empty`)).status, 204);
    });
  });
}

// Sends a conditional request with node:http, because fetch does not report a 304 in all cases.
function conditional(origin, headers) {
  return new Promise((resolve, reject) => {
    require('node:http')
      .get(origin, { headers }, (response) => {
        response.resume();
        resolve({ status: response.statusCode, headers: response.rawHeaders });
      })
      .on('error', reject);
  });
}

test('the hook of Fastify names its use if it is registered as a plugin or as a later hook', async () => {
  const { hmacAuthHook } = require('../../fastify.js');
  const plugin = require('fastify')();
  plugin.register(hmacAuthHook(CONFIG));
  await assert.rejects(async () => plugin.ready(), {
    code: 'SEALWIRE_CONFIG',
    message: /addHook\('onRequest'/,
  });
  const late = require('fastify')();
  late.addHook('preHandler', hmacAuthHook(CONFIG));
  late.post('/x', async () => 'called');
  const response = await late.inject({ method: 'POST', url: '/x', payload: { a: 1 } });
  assert.equal(response.statusCode, 500);
  assert.match(response.json().message, /addHook\('onRequest'/);
});
