// Tests of servers that use the standard Request and Response.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Hono } from 'hono';
import calls from '../support/calls.js';
import index from '../../index.js';
import { hmacAuth, verifyRequest } from '../../web.js';

const { CONFIG, KEYS, SCHEMES, SIGNERS } = calls;
const URL_ = 'http://practices.test/x?a=1';

function request(scheme, { method = 'GET', url = URL_, body, sent = body, more = {} } = {}) {
  const headers = SIGNERS[scheme].sign({ method, url, body });
  return new Request(url, { method, headers: { ...headers, ...more }, body: sent, duplex: 'half' });
}

const echo = async (received, identity) =>
  Response.json({ sender: identity?.sender, text: await received.text() });

function overHono(config = {}) {
  const app = new Hono();
  app.use(hmacAuth({ ...CONFIG, ...config }).hono);
  app.all('/x', async (c) => c.json({ sender: c.get('sealwire')?.sender, text: await c.req.text() }));
  app.get('/public', (c) => c.text('free', 200, { 'Cache-Control': 'max-age=60' }));
  return (received) => app.fetch(received);
}

const overFunctions = (config = {}) => {
  const auth = hmacAuth({ ...CONFIG, ...config });
  return (received) => auth(received, echo);
};

for (const [name, serve] of Object.entries({ Hono: overHono, 'plain functions': overFunctions })) {
  describe(name, () => {
    for (const scheme of SCHEMES) {
      const sender = scheme === 'client' ? 'cli' : 'agent';

      test(`accepts ${scheme}, with and without a body`, async () => {
        const fetch = serve();
        for (const body of [undefined, '{"a":1}', 'x'.repeat(200_000)]) {
          const response = await fetch(
            request(scheme, { method: body === undefined ? 'GET' : 'POST', body }),
          );
          assert.deepEqual([response.status, await response.json()], [200, { sender, text: body ?? '' }]);
          assert.equal(response.headers.get('cache-control'), 'private');
        }
      });

      test(`rejects a request for another path in ${scheme}`, async () => {
        const { headers } = request(scheme, { url: 'http://practices.test/y' });
        const response = await serve()(new Request(URL_, { headers }));
        assert.equal(response.status, 401);
        assert.equal(response.headers.get('www-authenticate'), 'Sealwire realm="practices"');
        assert.equal(response.headers.get('cache-control'), 'no-store');
      });
    }

    test('rejects a changed body, one over the limit and a replay', async () => {
      const fetch = serve({ maxBodyBytes: 1000 });
      const status = async (options) =>
        (await fetch(request('message', { method: 'POST', ...options }))).status;
      assert.equal(await status({ body: 'one', sent: 'two' }), 401);
      assert.equal(await status({ body: 'x'.repeat(1001) }), 413);
      const { headers } = request('message');
      assert.equal((await fetch(new Request(URL_, { headers }))).status, 200);
      assert.equal((await fetch(new Request(URL_, { headers }))).status, 401);
    });

    test('signs responses, but no event streams and none over the limit', async () => {
      const sent = request('message');
      const response = await serve({ signResponses: true })(sent.clone());
      const body = Buffer.from(await response.arrayBuffer());
      const { serverTime } = SIGNERS.message.verifyResponse(
        { method: 'GET', url: URL_, headers: sent.headers },
        { status: 200, headers: response.headers, body },
      );
      assert.ok(serverTime instanceof Date);
      const capped = await serve({ signResponses: true, maxSignedResponseBytes: 5 })(request('message'));
      assert.equal(capped.headers.get('signature'), null);
      assert.equal((await capped.json()).sender, 'agent');
      const rejecting = { signResponses: true, maxSignedResponseBytes: 5, oversizeResponses: 'reject' };
      assert.equal((await serve(rejecting)(request('message'))).status, 500);
    });

    test('a body that never ends is rejected after the time-out', async () => {
      const endless = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('x')) });
      const response = await serve({ bodyTimeoutMs: 50 })(
        request('message', { method: 'POST', body: 'xy', sent: endless }),
      );
      assert.equal(response.status, 408);
    });

    test('a body can arrive late if the time-out is longer than the longest timer', async () => {
      const late = new ReadableStream({
        start: (controller) => {
          controller.enqueue(Buffer.from('x'));
          setTimeout(() => controller.enqueue(Buffer.from('y')) || controller.close(), 100);
        },
      });
      const response = await serve({ bodyTimeoutMs: 3e9 })(
        request('message', { method: 'POST', body: 'xy', sent: late }),
      );
      assert.equal(response.status, 200);
    });
  });
}

test("Hono's own Cache-Control stays, and observe mode reaches the handler", async () => {
  const headers = SIGNERS.message.sign({ method: 'GET', url: 'http://practices.test/public' });
  const response = await overHono()(new Request('http://practices.test/public', { headers }));
  assert.equal(response.headers.get('cache-control'), 'max-age=60');
  const observed = await overHono({ mode: 'observe' })(new Request(URL_));
  assert.deepEqual(await observed.json(), { text: '' });
});

test('an event stream is not buffered', async () => {
  const auth = hmacAuth({ ...CONFIG, signResponses: true });
  const stream = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from('data: 1\n\n')),
  });
  const response = await auth(
    request('message'),
    () => new Response(stream, { headers: { 'Content-Type': 'text/event-stream' } }),
  );
  const { value } = await response.body.getReader().read();
  assert.equal(Buffer.from(value).toString(), 'data: 1\n\n');
});

test('verifyRequest returns the identity, leaves the body readable, and throws for others', async () => {
  const verifier = new index.Verifier({ ...CONFIG, schemes: ['message'], keys: KEYS });
  const sent = request('message', { method: 'POST', body: 'hello' });
  assert.equal((await verifyRequest(sent, verifier)).sender, 'agent');
  assert.equal(await sent.text(), 'hello');
  await assert.rejects(verifyRequest(new Request(URL_), verifier), {
    name: 'RejectedError',
    code: 'missing_headers',
    status: 401,
  });
});

test('a response whose headers cannot be changed is copied', async () => {
  const fetched = await fetch('data:text/csv,a;b'); // Node.js and Deno throw an error if the headers of a fetched response are changed
  const response = await hmacAuth(CONFIG)(request('message'), () => fetched);
  assert.deepEqual(
    [response.headers.get('content-type'), response.headers.get('cache-control'), await response.text()],
    ['text/csv', 'private', 'a;b'],
  );
});
