'use strict';

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const zlib = require('node:zlib');

const { KeyRing, ReplayTable, signRequest, Signer, Verifier } = require('..');
const { hmacAuth, mountHmacAuth } = require('../express.js');
const { signedFetch } = require('../fetch.js');
const { CLIENT, SECRET, plainHeaders } = require('./support/plain.js');
const { EXPRESS, memory, send, serving } = require('./support/serve.js');

const SINGLE = { clientId: CLIENT, sharedSecret: SECRET };
const PAIR = 'dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==';
const TEXT = 'text/plain; charset=utf-8';

for (const [version, express] of Object.entries(EXPRESS)) {
  describe(version, () => {
    // An app with the middleware in front of the parsers, as it is meant to be mounted.
    function app(config) {
      const made = express();
      // The request may be older than the app: its headers are made first.
      made.use(hmacAuth({ replay: ReplayTable.heap({ acceptOlder: true }), ...config }));
      made.use(express.json());
      made.get('/health', (_req, res) => res.send('healthy'));
      made.use((req, res) =>
        res.json({ sender: req.sealwire?.sender, body: req.body, raw: req.rawBody?.toString() }),
      );
      // eslint-disable-next-line no-unused-vars -- Express knows error handlers by their four parameters
      made.use((error, _req, res, _next) => res.status(500).send(error.code ?? String(error)));
      return made;
    }

    const ask = (config, request) => serving(app(config), (origin) => send(origin, request));

    test('accepts a signed request and says who sent it', async () => {
      const path = '/api/users?page=2&q=a%2Fb';
      const answer = await ask(SINGLE, { path, headers: plainHeaders('GET', path) });
      assert.equal(answer.status, 200);
      assert.equal(JSON.parse(answer.text).sender, CLIENT);
    });

    test('leaves the body to the parsers behind it', async () => {
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

    test('verifies the whole URL in a mounted router', async () => {
      const outer = express();
      outer.use('/api', app(SINGLE));
      await serving(outer, async (origin) => {
        const signed = (url) => send(origin, { path: '/api/users?a=1', headers: plainHeaders('GET', url) });
        assert.equal((await signed('/api/users?a=1')).status, 200);
        assert.equal((await signed('/users?a=1')).status, 401);
      });
    });

    test('lets a local health check pass, whatever it carries', async () => {
      await serving(app(SINGLE), async (origin) => {
        const forged = plainHeaders('GET', '/health', { secret: 'another' });
        assert.equal((await send(origin, { path: '/health' })).text, 'healthy');
        assert.equal((await send(origin, { path: '/health', headers: forged })).text, 'healthy');
        assert.equal((await send(origin, { path: '/healthy' })).status, 401);
        assert.equal((await send(origin, { path: '/health', method: 'POST' })).status, 401);
      });
      assert.equal((await ask({ ...SINGLE, localHealthCheck: false }, { path: '/health' })).status, 401);
    });

    test('takes the peer from the socket, never from a header', async () => {
      // A socket that answers with another address, as one from another machine does.
      const elsewhere = (inner) => (req, res) => {
        Object.defineProperty(req.socket, 'remoteAddress', { value: '192.0.2.7' });
        inner(req, res);
      };
      await serving(elsewhere(app(SINGLE)), async (origin) => {
        const headers = { 'X-Forwarded-For': '127.0.0.1', Forwarded: 'for=127.0.0.1' };
        assert.equal((await send(origin, { path: '/health', headers })).status, 401);
      });
    });

    test('logs what the original logs, and the reason by its stable name', async () => {
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

    test('knows several clients, each with versions of its secret', async () => {
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

    test('observes without turning away, and says nothing when off', async () => {
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

    test('mounts only where the configuration has the block', async () => {
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

    describe('with answers signed', () => {
      const keys = new KeyRing({ pairs: { 'agent/practices': PAIR } });
      const config = { keys, service: 'practices', schemes: ['message'], signAnswers: true };
      const call = signedFetch(new Signer({ name: 'agent', keys, receiver: 'practices' }), {
        verifyAnswers: true,
      });

      function answering(more) {
        const made = express();
        made.use(hmacAuth({ ...config, ...more }));
        made.get('/json', (_req, res) => res.json({ a: 1 }));
        made.get('/pieces', (_req, res) => {
          res.writeHead(200, { 'X-Piece': 'yes' });
          res.write('one ');
          setTimeout(() => res.end('two'), 5);
        });
        made.get('/empty', (_req, res) => res.status(204).end());
        made.get('/cached', (_req, res) => res.status(304).end());
        return made;
      }

      test('the caller learns who answered and when, however the answer is written', async () => {
        await serving(answering(), async (origin) => {
          for (const [path, text] of Object.entries({
            '/json': '{"a":1}',
            '/pieces': 'one two',
            '/empty': '',
          })) {
            const response = await call(origin + path);
            assert.equal(await response.text(), text);
            assert.ok(Math.abs(response.sealwire.serverTime - Date.now()) < 5_000);
            assert.equal(response.sealwire.keyVersion, 1);
          }
          assert.equal((await call(`${origin}/pieces`)).headers.get('x-piece'), 'yes');
          assert.equal((await call(`${origin}/json`, { method: 'HEAD' })).status, 200);
          assert.equal((await call(`${origin}/nowhere`)).status, 404);
          assert.equal((await call(`${origin}/cached`)).status, 304);
        });
      });

      test("a rejection is signed too, and tells the server's time", async () => {
        const rules = { senders: { agent: { pathPrefixes: ['/elsewhere'] } } };
        await serving(answering(rules), async (origin) => {
          const response = await call(`${origin}/json`);
          assert.equal(response.status, 401);
          assert.ok(response.sealwire.serverTime instanceof Date);
        });
      });

      test('an answer that is changed, or not signed, is a RejectedError', async () => {
        await serving(
          (_req, res) => res.end('unsigned'),
          async (origin) => {
            await assert.rejects(call(origin), { name: 'RejectedError', code: 'missing_headers' });
          },
        );
        const forged = async (request) => {
          const response = await fetch(request);
          return new Response(`${await response.text()} `, response);
        };
        const meddled = signedFetch(new Signer({ name: 'agent', keys, receiver: 'practices' }), {
          verifyAnswers: true,
          fetch: forged,
        });
        await serving(answering(), async (origin) => {
          await assert.rejects(meddled(`${origin}/json`), { code: 'body_digest_mismatch' });
        });
      });
    });

    describe('with the body signed', () => {
      const keys = new KeyRing({ pairs: { 'agent/practices': PAIR } });
      const config = { keys, service: 'practices', schemes: ['message', 'pairwise'], maxBodyBytes: 100_000 };
      const big = JSON.stringify({ text: 'x'.repeat(90_000) });

      function signed(scheme, body, path = '/items?a=1') {
        const signer = new Signer({ name: 'agent', keys, schemes: [scheme], receiver: 'practices' });
        const headers = signer.sign({ method: 'POST', url: `http://practices.test${path}`, body });
        return {
          method: 'POST',
          path,
          headers: { ...headers, Host: 'practices.test', 'Content-Type': 'application/json' },
        };
      }

      for (const scheme of ['message', 'pairwise']) {
        for (const [name, body, pieces] of [
          ['a small body', '{"a":1}', ['{"a":1}']],
          ['a body in pieces', '{"a":1}', ['{"a', '":', '1}']],
          ['a body of many packets', big, [big.slice(0, 30_000), big.slice(30_000)]],
          ['no body', '', []],
          ['an empty chunked body that ends late', '', ['']],
        ]) {
          test(`${scheme} verifies ${name} and leaves it to the parsers`, async () => {
            const answer = await ask(config, { ...signed(scheme, body), body: pieces });
            assert.equal(answer.status, 200, answer.text);
            const said = JSON.parse(answer.text);
            assert.equal(said.sender, 'agent');
            assert.equal(said.raw ?? '', body);
            assert.deepEqual(said.body ?? {}, body ? JSON.parse(body) : {});
          });
        }

        test(`${scheme} refuses a swapped body, and the connection serves on`, async () => {
          await serving(app(config), async (origin) => {
            assert.equal((await send(origin, { ...signed(scheme, '{"a":1}'), body: '{"a":2}' })).status, 401);
            assert.equal((await send(origin, { ...signed(scheme, ''), body: '{"a":2}' })).status, 401);
            assert.equal((await send(origin, { ...signed(scheme, '{"a":1}'), body: '{"a":1}' })).status, 200);
          });
        });

        test(`${scheme} refuses a body over the cap with 413, in pieces too`, async () => {
          const body = 'x'.repeat(100_001);
          assert.equal((await ask(config, { ...signed(scheme, body), body })).status, 413);
        });
      }

      test('covers the bytes that were sent, not what they inflate to', async () => {
        const body = zlib.gzipSync('{"a":1}');
        const request = signed('message', body);
        request.headers['Content-Encoding'] = 'gzip';
        const answer = await ask(config, { ...request, body });
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(JSON.parse(answer.text).body, { a: 1 });
      });

      test('judges the head before it reads a byte of the body', async () => {
        const request = signed('message', big);
        request.headers.Host = 'elsewhere.test';
        await serving(app(config), async (origin) => {
          const [first] = [big.slice(0, 10)];
          assert.equal((await send(origin, { ...request, body: first })).status, 401);
        });
      });

      test('says loudly when a parser stands in front of it', async () => {
        const made = express();
        made.use(express.json(), hmacAuth(config));
        // eslint-disable-next-line no-unused-vars -- Express knows error handlers by their four parameters
        made.use((error, _req, res, _next) => res.status(500).send(`${error.code}: ${error.message}`));
        await serving(made, async (origin) => {
          const answer = await send(origin, { ...signed('message', '{"a":1}'), body: '{"a":1}' });
          assert.match(answer.text, /^SEALWIRE_BODY_CONSUMED: .*mount hmacAuth before express\.json/);
        });
      });

      test('takes rawBody where the platform has read the body', async () => {
        const made = express();
        made.use((req, _res, next) => {
          req.rawBody = Buffer.from('{"a":1}');
          next();
        });
        made.use(hmacAuth(config), (req, res) => res.send(req.sealwire.sender));
        await serving(made, async (origin) => {
          assert.equal(
            (await send(origin, { ...signed('message', '{"a":1}'), body: 'ignored' })).text,
            'agent',
          );
        });
      });

      test('a client that goes away in the middle of a body does no harm', async () => {
        await serving(app(config), async (origin) => {
          const { hostname, port } = new URL(origin);
          const { headers } = signed('message', big);
          const socket = require('node:net').connect(port, hostname);
          const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
          socket.write(
            `POST /items?a=1 HTTP/1.1\r\n${lines.join('')}Content-Length: ${big.length}\r\n\r\nhalf`,
          );
          await new Promise((resolve) => setTimeout(resolve, 50));
          socket.destroy();
          assert.equal((await send(origin, { ...signed('message', '{}'), body: '{}' })).status, 200);
        });
      });
    });
  });
}

test('a wrong configuration stops start-up with a sentence that names the setting', () => {
  const refused = (config, message) =>
    assert.throws(() => hmacAuth(config), { code: /^SEALWIRE_(CONFIG|KEYS)$/, message });
  refused({ clientId: CLIENT }, /^sharedSecret: set it/);
  refused({ ...SINGLE, sharedSecret: 'short' }, /billing-service: version 1: .*allowWeak/);
  refused({ ...SINGLE, maxClockSkew: -1 }, /^pastMs: must not be negative/);
  refused({ ...SINGLE, maxClockSkew: '300000' }, /^pastMs: give a whole number/);
  refused({ ...SINGLE, shcemes: ['client'] }, /^shcemes: no such setting/);
  refused({ ...SINGLE, schemes: ['clientt'] }, /clientt/);
  refused({ ...SINGLE, schemes: ['message'] }, /^service: name this service/);
  refused({ ...SINGLE, replay: 7 }, /^replay: give/);
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
