// Tests of signed responses in h3 2 on hosts without a Node.js response. The handlers return every kind of value that h3
// supports.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as two from 'h3v2';
import { defineVerifiedEventHandler, hmacAuthMiddleware } from '../../h3.js';
import calls from '../support/calls.js';

const { CONFIG, SIGNERS } = calls;
// Bun does not add the content type of a text body until it sends the response.
const TYPE = new Response('').headers.has('content-type') ? ['content-type'] : [];
const SETTINGS = { ...CONFIG, authorities: 'any', signResponses: true };
const URL_ = 'http://practices.test/x?a=1';
const stream = (...texts) =>
  new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(Buffer.from(text));
      controller.close();
    },
  });

// For each kind of value: the handler that returns it, and the expected status, content type and text of the response.
const RESULTS = {
  text: [() => 'plain', 200, /^text\/plain/, 'plain'],
  bytes: [() => Buffer.from('bytes'), 200, undefined, 'bytes'],
  data: [() => ({ a: [1, null] }), 200, /^application\/json/, '{"a":[1,null]}'],
  'a number': [() => 7, 200, /^application\/json/, '7'],
  nothing: [() => undefined, 200, undefined, ''],
  null: [() => null, 200, undefined, ''],
  'a Response': [() => new Response('own', { status: 201, headers: { 'X-Own': '1' } }), 201, /text/, 'own'],
  'a Blob': [() => new Blob(['blob'], { type: 'text/csv' }), 200, /^text\/csv/, 'blob'],
  'a stream': [() => stream('one', 'two'), 200, undefined, 'onetwo'],
  'html()': [() => two.html('<p>'), 200, /^text\/html/, undefined],
  'redirect()': [() => two.redirect('/y', 307), 307, undefined, undefined],
  'no content': [() => two.noContent(), 204, undefined, ''],
  'a prepared status': [
    (event) => {
      event.res.status = 202;
      event.res.headers.append('Set-Cookie', 'a=1');
      event.res.headers.append('Set-Cookie', 'b=2');
      return 'later';
    },
    202,
    /^text\/plain/,
    'later',
  ],
  'an HTTPError': [
    () => {
      throw new two.HTTPError({ status: 404, message: 'no such thing' });
    },
    404,
    /^application\/json/,
    undefined,
  ],
};

const WAYS = {
  defineVerifiedEventHandler: (handler, config) =>
    new two.H3().all('/x', defineVerifiedEventHandler({ ...SETTINGS, ...config }, handler)),
  hmacAuthMiddleware: (handler, config) =>
    new two.H3().use(hmacAuthMiddleware({ ...SETTINGS, ...config })).all('/x', handler),
};

async function call(app, { method = 'GET', url = URL_, headers } = {}) {
  headers ??= SIGNERS.message.sign({ method, url });
  const response = await app.fetch(new Request(url, { method, headers }));
  const body = Buffer.from(await response.clone().arrayBuffer());
  const verify = () =>
    SIGNERS.message.verifyResponse(
      { method, url, headers },
      { status: response.status, headers: response.headers, body },
    );
  return { headers, response, text: body.toString(), verify };
}

for (const [way, make] of Object.entries(WAYS)) {
  describe(way, () => {
    for (const [what, [handler, status, type, text]] of Object.entries(RESULTS)) {
      test(`signs ${what}, without other changes to the response`, async () => {
        const { response, text: seen, verify } = await call(make(handler));
        verify();
        assert.equal(response.status, status);
        if (text !== undefined) assert.equal(seen, text);
        if (type) assert.match(response.headers.get('content-type'), type);
        assert.match(response.headers.get('cache-control'), /^private, no-transform$/);
        const plain = await call(make(handler, { signResponses: false }));
        assert.deepEqual(
          [response.status, seen, response.headers.getSetCookie()],
          [plain.response.status, plain.text, plain.response.headers.getSetCookie()],
        );
        for (const name of [...TYPE, 'x-own', 'location']) {
          assert.equal(response.headers.get(name), plain.response.headers.get(name), name);
        }
      });
    }

    test('keeps the Cache-Control of the application', async () => {
      for (const handler of [
        () => new Response('x', { headers: { 'Cache-Control': 'max-age=9' } }),
        (event) => {
          event.res.headers.set('Cache-Control', 'max-age=9');
          return 'x';
        },
      ]) {
        const { response, verify } = await call(make(handler));
        verify();
        assert.equal(response.headers.get('cache-control'), 'max-age=9, no-transform');
      }
    });

    test('signs a HEAD response and a 304 without a body', async () => {
      const head = await call(
        make(() => 'body'),
        { method: 'HEAD' },
      );
      head.verify();
      assert.deepEqual([head.response.status, head.text], [200, '']);
      const unchanged = await call(make(() => new Response(null, { status: 304, headers: { ETag: '"1"' } })));
      unchanged.verify();
      assert.equal(unchanged.response.headers.get('etag'), '"1"');
    });

    test('leaves an event stream and a missing route to h3', async () => {
      const events = () =>
        new Response(stream('data: 1\n\n'), { headers: { 'Content-Type': 'text/event-stream' } });
      const { response, text } = await call(make(events));
      assert.deepEqual([response.headers.get('signature'), text], [null, 'data: 1\n\n']);
      const missing = await call(
        make(() => 'x'),
        { url: 'http://practices.test/missing' },
      );
      assert.equal(missing.response.status, 404);
    });

    test('leaves errors to the onError of the application', async () => {
      const failing = () => {
        throw new two.HTTPError({ status: 404 });
      };
      const app = make(failing);
      app.config.onError = () => new Response('mine', { status: 418 });
      const { response, text } = await call(app);
      assert.deepEqual([response.status, text], [418, 'mine']);
    });

    test('signs a rejection with a valid MAC', async () => {
      const app = make(() => 'x');
      const { headers } = await call(app);
      const { response, verify } = await call(app, { headers });
      assert.equal(response.status, 401);
      verify();
    });
  });
}
