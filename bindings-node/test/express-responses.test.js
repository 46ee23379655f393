'use strict';

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');

const { KeyRing, Signer } = require('..');
const { hmacAuth } = require('../express.js');
const { signedFetch } = require('../fetch.js');
const { EXPRESS, serving } = require('./support/serve.js');

const PAIR = 'dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==';

for (const [version, express] of Object.entries(EXPRESS)) {
  describe(`${version}, with signed responses`, () => {
    const keys = new KeyRing({ pairs: { 'agent/practices': PAIR } });
    const config = { keys, service: 'practices', schemes: ['message'], signResponses: true };
    const call = signedFetch(new Signer({ name: 'agent', keys, receiver: 'practices' }), {
      verifyResponses: true,
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

    test('the caller receives the sender and time of a response written in any way', async () => {
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

    test("a rejection of a request with a valid MAC is signed, and contains the server's time", async () => {
      await serving(answering(), async (origin) => {
        const request = { method: 'GET', url: `${origin}/json` };
        const signer = new Signer({ name: 'agent', keys, receiver: 'practices' });
        const headers = signer.sign(request);
        assert.equal((await fetch(request.url, { headers })).status, 200);
        const replayed = await fetch(request.url, { headers });
        assert.equal(replayed.status, 401);
        const { serverTime } = signer.verifyResponse(
          { ...request, headers },
          { status: 401, headers: replayed.headers, body: await replayed.text() },
        );
        assert.ok(serverTime instanceof Date);
      });
    });

    test('a rejection with an invalid MAC is not signed, so it does not reveal whether the sender exists', async () => {
      const other = new KeyRing({
        pairs: { 'agent/practices': `b${PAIR.slice(1)}`, 'nobody/practices': PAIR },
      });
      await serving(answering(), async (origin) => {
        for (const name of ['agent', 'nobody']) {
          const signer = new Signer({ name, keys: other, receiver: 'practices' });
          const headers = signer.sign({ method: 'GET', url: `${origin}/json` });
          const response = await fetch(`${origin}/json`, { headers });
          assert.deepEqual([response.status, response.headers.get('signature')], [401, null], name);
        }
      });
    });

    test('a changed or unsigned response is a RejectedError', async () => {
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
        verifyResponses: true,
        fetch: forged,
      });
      await serving(answering(), async (origin) => {
        await assert.rejects(meddled(`${origin}/json`), { code: 'body_digest_mismatch' });
      });
    });
  });
}
