'use strict';

// Tests for application hooks, log records, and the headers in responses to rejected requests.

const assert = require('node:assert/strict');
const { createHmac, randomUUID } = require('node:crypto');
const http = require('node:http');
const { test } = require('node:test');

const { KeyRing, Signer } = require('../..');
const { hmacAuth } = require('../../express.js');
const { hmacAuth: hmacAuthWeb } = require('../../web.js');
const { CONFIG, PAIR, signed, sendOne } = require('../support/calls.js');
const { memory, send, serving } = require('../support/serve.js');

const SECRET = 'a client secret of more than thirty-two bytes';

function app(config) {
  const guard = hmacAuth({ ...CONFIG, ...config });
  return (req, res) =>
    guard(req, res, () => res.end(req.sealwire?.sender ?? req.sealwireRejection?.code ?? 'nobody'));
}

test('onReject determines the body, not the status', async () => {
  const onReject = async (req, { code }) => ({ body: { code, path: req.url }, headers: { 'X-Trace': '7' } });
  await serving(app({ onReject }), async (origin) => {
    const response = await fetch(`${origin}/x`);
    assert.equal(response.status, 401);
    assert.deepEqual(await response.json(), { code: 'missing_headers', path: '/x' });
    assert.match(response.headers.get('content-type'), /^application\/json/);
    assert.equal(response.headers.get('x-trace'), '7');
    assert.equal(response.headers.get('www-authenticate'), 'Sealwire realm="practices"');
  });
  const text = () => ({ body: '<p>no</p>', contentType: 'text/html' });
  await serving(app({ onReject: text }), async (origin) => {
    const { type, text } = await send(origin, {});
    assert.deepEqual([type, text], ['text/html', '<p>no</p>']);
  });
});

test('headers of onReject replace the usual ones, in any case of letters', async () => {
  const own = { 'cache-control': 'no-cache', 'WWW-AUTHENTICATE': 'Custom', 'CONTENT-TYPE': 'text/html' };
  const onReject = () => ({ body: '<p>no</p>', headers: own });
  const expected = ['no-cache', 'Custom', 'text/html'];
  const names = ['cache-control', 'www-authenticate', 'content-type'];
  const check = (response) =>
    assert.deepEqual(
      names.map((name) => response.headers.get(name)),
      expected,
    );
  await serving(app({ onReject }), async (origin) => check(await fetch(`${origin}/x`)));
  check(await hmacAuthWeb({ ...CONFIG, onReject })(new Request('http://practices.test/x'), () => undefined));
});

test('if onReject fails or returns undefined, the default response is sent', async () => {
  for (const onReject of [
    () => undefined,
    () => {
      throw new Error('broken');
    },
  ]) {
    await serving(app({ onReject }), async (origin) => {
      assert.deepEqual(await send(origin, {}), {
        status: 401,
        type: 'text/plain; charset=utf-8',
        text: (await send(origin, {})).text,
      });
    });
  }
});

test('if onReject returns a response that cannot be sent, the default response is sent', async () => {
  for (const own of [
    { headers: { 'a\n': 'b' } },
    { headers: { a: 'b\r\nx: y' } },
    { headers: { a: '\u4e2d' } },
    { headers: { 'Content-Length': '3' } },
    { headers: { 'transfer-encoding': 'chunked' } },
    { contentType: 'a\nb' },
    { body: 7 },
  ]) {
    const onReject = () => own;
    await serving(app({ onReject }), async (origin) => {
      const { status, text } = await send(origin, {});
      assert.deepEqual([status, text], [401, 'Request signature required'], JSON.stringify(own));
    });
    const response = await hmacAuthWeb({ ...CONFIG, onReject })(
      new Request('http://practices.test/x'),
      () => undefined,
    );
    assert.deepEqual([response.status, await response.text()], [401, 'Request signature required']);
  }
});

test('skip has an effect only if it returns true', async () => {
  for (const [skip, status] of [
    [(req) => req.url === '/open', 200],
    [async () => true, 200],
    [async () => false, 401],
    [() => 'yes', 401],
    [() => Promise.resolve('yes'), 401],
  ]) {
    await serving(app({ skip }), async (origin) => {
      assert.equal((await send(origin, { path: '/open' })).status, status);
    });
  }
});

test('if skip fails, requests are verified', async () => {
  const guard = hmacAuth({ ...CONFIG, skip: () => Promise.reject(new Error('broken')) });
  const handler = (req, res) =>
    guard(req, res, (error) => {
      res.statusCode = error ? 500 : 200;
      res.end();
    });
  await serving(handler, async (origin) => assert.equal((await send(origin, {})).status, 500));
});

test('in observe mode the handler receives the reason of the rejection', async () => {
  await serving(app({ mode: 'observe' }), async (origin) => {
    assert.deepEqual((await send(origin, {})).text, 'missing_headers');
  });
});

test('keys of other senders are looked up, and cached for a time', async () => {
  const asked = [];
  const lookUpKeys = async (sender) => {
    asked.push(sender);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return sender === 'found' ? { clients: { found: SECRET } } : undefined;
  };
  const guard = hmacAuth({ lookUpKeys, lookUpTtlMs: 200, replay: 'heap' });
  const handler = (req, res) => guard(req, res, () => res.end(req.sealwire.sender));
  const signer = (name) =>
    new Signer({ name, keys: new KeyRing({ clients: { [name]: SECRET } }), schemes: ['client'] });
  const ask = (origin, name) =>
    send(origin, { path: '/x', headers: signer(name).sign({ method: 'GET', url: '/x' }) });
  // The heap table rejects requests that were signed before its creation.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await serving(handler, async (origin) => {
    const both = await Promise.all([ask(origin, 'found'), ask(origin, 'found')]);
    assert.deepEqual(
      both.map(({ text }) => text),
      ['found', 'found'],
    );
    assert.equal((await ask(origin, 'lost')).text, 'Unknown client');
    assert.equal((await ask(origin, 'lost')).text, 'Unknown client');
    assert.deepEqual(asked, ['found', 'lost']);
    await new Promise((resolve) => setTimeout(resolve, 220));
    assert.equal((await ask(origin, 'found')).text, 'found');
    assert.deepEqual(asked, ['found', 'lost', 'found']);
  });
});

test('if the look-up fails, the sender stays unknown', async () => {
  const guard = hmacAuth({ lookUpKeys: () => Promise.reject(new Error('no database')), replay: 'heap' });
  await serving(
    (req, res) => guard(req, res, () => res.end()),
    async (origin) => {
      const headers = new Signer({
        name: 'x',
        keys: new KeyRing({ clients: { x: SECRET } }),
        schemes: ['client'],
      }).sign({ method: 'GET', url: '/x' });
      assert.equal((await send(origin, { path: '/x', headers })).text, 'Unknown client');
    },
  );
});

test('a log record of a rejection contains method, path and peer, each with limited length', async () => {
  const logger = memory();
  await serving(app({ logger }), async (origin) => {
    await send(origin, { method: 'PUT', path: `/x?secret=${'s'.repeat(9_000)}` });
    await send(origin, { path: `/${'p'.repeat(9_000)}`, headers: { 'X-Client-Id': 'c'.repeat(5_000) } });
  });
  const [first, second] = logger.entries;
  assert.deepEqual([first.method, first.path, first.peer], ['PUT', '/x', '127.0.0.1']);
  assert.equal(second.path.length, 256);
  for (const entry of logger.entries) assert.ok(JSON.stringify(entry).length < 1500);
});

test('a rejected request without a body keeps the connection', async () => {
  await serving(app({}), async (origin) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const { port } = new URL(origin);
    const ask = (method, body) =>
      new Promise((resolve, reject) => {
        const request = http.request({ port, agent, method, path: '/x' }, (response) => {
          response.resume().on('end', () => resolve([response.statusCode, request.reusedSocket]));
        });
        request.on('error', reject).end(body);
      });
    assert.deepEqual(await ask('GET'), [401, false]);
    assert.deepEqual(await ask('DELETE'), [401, true]);
    assert.deepEqual(await ask('GET'), [401, true]);
    agent.destroy();
  });
});

// Returns headers from a signer that also covers `@scheme`. Sealwire's signer does not.
function coveringScheme(scheme, authority, path) {
  const created = Math.floor(Date.now() / 1000);
  const parameters =
    `("@method" "@authority" "@path" "@query" "@scheme");created=${created};nonce="${randomUUID()}"` +
    ';keyid="agent/practices#1";alg="hmac-sha256";tag="sealwire"';
  const base = [
    '"@method": GET',
    `"@authority": ${authority}`,
    `"@path": ${path}`,
    '"@query": ?',
    `"@scheme": ${scheme}`,
    `"@signature-params": ${parameters}`,
  ];
  const mac = createHmac('sha256', Buffer.from(PAIR, 'base64')).update(base.join('\n')).digest('base64');
  return { Host: authority, 'Signature-Input': `sig=${parameters}`, Signature: `sig=:${mac}:` };
}

test('the setting scheme replaces the scheme of the connection', async () => {
  const ask = (config) =>
    serving(app({ schemes: ['message'], ...config }), (origin) =>
      send(origin, { path: '/x', headers: coveringScheme('https', 'practices.test', '/x') }),
    );
  assert.equal((await ask({})).status, 401);
  assert.equal((await ask({ scheme: 'https' })).status, 200);
});

test('an unsigned body of any length is passed on unread', async () => {
  const guard = hmacAuth({ ...CONFIG, schemes: ['client'], maxBodyBytes: 10 });
  const handler = (req, res) =>
    guard(req, res, async () => {
      let length = 0;
      for await (const chunk of req) length += chunk.length;
      res.end(String(length));
    });
  await serving(handler, async (origin) => {
    const body = 'x'.repeat(2 << 20);
    assert.equal((await sendOne(origin, signed('client', { method: 'POST', body }))).text, String(2 << 20));
  });
});
