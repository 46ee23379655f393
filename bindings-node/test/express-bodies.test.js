'use strict';

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const net = require('node:net');
const zlib = require('node:zlib');

const { KeyRing, Signer } = require('..');
const { hmacAuth } = require('../express.js');
const { guardedApp } = require('./support/express.js');
const { EXPRESS, send, serving } = require('./support/serve.js');

const PAIR = 'dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==';

for (const [version, express] of Object.entries(EXPRESS)) {
  describe(`${version}, with the body signed`, () => {
    const app = (config) => guardedApp(express, config);
    const ask = (config, request) => serving(app(config), (origin) => send(origin, request));

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
        test(`${scheme} verifies ${name} before the parsers read it`, async () => {
          const answer = await ask(config, { ...signed(scheme, body), body: pieces });
          assert.equal(answer.status, 200, answer.text);
          const said = JSON.parse(answer.text);
          assert.equal(said.sender, 'agent');
          assert.equal(said.raw ?? '', body);
          assert.deepEqual(said.body ?? {}, body ? JSON.parse(body) : {});
        });
      }

      test(`${scheme} rejects a changed body and keeps the connection`, async () => {
        await serving(app(config), async (origin) => {
          assert.equal((await send(origin, { ...signed(scheme, '{"a":1}'), body: '{"a":2}' })).status, 401);
          assert.equal((await send(origin, { ...signed(scheme, ''), body: '{"a":2}' })).status, 401);
          assert.equal((await send(origin, { ...signed(scheme, '{"a":1}'), body: '{"a":1}' })).status, 200);
        });
      });

      test(`${scheme} rejects a body over the limit with 413, also in parts`, async () => {
        const body = 'x'.repeat(100_001);
        assert.equal((await ask(config, { ...signed(scheme, body), body })).status, 413);
      });
    }

    test('verifies the bytes of the body before they are decompressed', async () => {
      const body = zlib.gzipSync('{"a":1}');
      const request = signed('message', body);
      request.headers['Content-Encoding'] = 'gzip';
      const answer = await ask(config, { ...request, body });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(JSON.parse(answer.text).body, { a: 1 });
    });

    test('verifies the head before it reads the body', async () => {
      const request = signed('message', big);
      request.headers.Host = 'elsewhere.test';
      await serving(app(config), async (origin) => {
        const [first] = [big.slice(0, 10)];
        assert.equal((await send(origin, { ...request, body: first })).status, 401);
      });
    });

    test('throws an error if a body parser is mounted before it', async () => {
      const made = express();
      made.use(express.json(), hmacAuth(config));
      // eslint-disable-next-line no-unused-vars -- Express detects error handlers by their four parameters
      made.use((error, _req, res, _next) => res.status(500).send(`${error.code}: ${error.message}`));
      await serving(made, async (origin) => {
        const answer = await send(origin, { ...signed('message', '{"a":1}'), body: '{"a":1}' });
        assert.match(answer.text, /^SEALWIRE_BODY_CONSUMED: .*mount hmacAuth before express\.json/);
      });
    });

    test('uses rawBody if the platform has read the body', async () => {
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

    test('a client that disconnects during a body has no effect', async () => {
      await serving(app(config), async (origin) => {
        const { hostname, port } = new URL(origin);
        const { headers } = signed('message', big);
        const socket = net.connect(port, hostname);
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
}
