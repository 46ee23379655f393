'use strict';

// Tests of `sealwire/testing`: keys for one test, identities, and signing for supertest and for Fastify's inject.

const assert = require('node:assert/strict');
const { Readable } = require('node:stream');
const { mock, test } = require('node:test');
const { setTimeout: sleep } = require('node:timers/promises');
const express = require('express');
const fastify = require('fastify');
const request = require('supertest');
const { RejectedError, ReplayTable, Signer, Verifier } = require('..');
const { hmacAuth } = require('../express.js');
const { hmacAuthHook } = require('../fastify.js');
const { signedFetch } = require('../fetch.js');
const web = require('../web.js');
const testing = require('../testing.js');

const SCHEMES = ['message', 'pairwise', 'client'];
const keys = testing.keyRing(['agent', 'practices'], { clients: ['billing'] });

const server = (settings) => ({
  keys,
  service: 'practices',
  schemes: SCHEMES,
  authorities: 'any',
  trustUnsignedUserId: true,
  replay: testing.replayTable(),
  ...settings,
});

const signerOf = (scheme, settings) =>
  new Signer({
    name: scheme === 'client' ? 'billing' : 'agent',
    keys,
    schemes: [scheme],
    receiver: 'practices',
    ...settings,
  });

function expressApp(settings) {
  const app = express();
  app.use(hmacAuth(server(settings)));
  app.use(express.json());
  app.use(express.urlencoded({ extended: false }));
  app.get('/moved', (_req, res) => res.redirect('/items?moved=1'));
  app.get('/away', (_req, res) => res.redirect('http://127.0.0.1:1/'));
  app.all('/items', ({ sealwire: { sender, userId }, body, query }, res) =>
    res.json({ sender, userId, body, query }),
  );
  return app;
}

test('each key ring has new keys for pairs, clients and an issuer', () => {
  const ring = testing.keyRing(['a', 'b', 'c'], { clients: ['one'], issuer: true });
  assert.equal(ring.status().length, 5);
  const [one, other] = [testing.credentials('billing'), testing.credentials('billing')];
  assert.equal(one.clientId, 'billing');
  assert.notEqual(one.sharedSecret, other.sharedSecret);
  assert.equal(testing.credentials().clientId, 'client');
  assert.throws(() => testing.keyRing('agent', 'practices'), { message: /^services: / });
  assert.throws(() => testing.keyRing([], { clients: 'billing' }), { message: /^clients: / });
});

for (const scheme of SCHEMES) {
  test(`an identity is that of a verified request: ${scheme}`, () => {
    const userId = scheme === 'client' ? undefined : 'alice';
    const identity = testing.identity('agent', { scheme, userId });
    assert.deepEqual([identity.sender, identity.scheme, identity.userId], ['agent', scheme, userId]);
  });

  test(`supertest signs each request: ${scheme}`, async () => {
    const app = expressApp();
    const userId = scheme === 'client' ? undefined : 'alice';
    const signed = testing.signing(signerOf(scheme), { userId });
    const sent = { sender: signerOf(scheme).name, ...(userId && { userId }) };
    const post = await request(app).post('/items').use(signed).query({ a: 'b c' }).send({ text: 'é' });
    assert.deepEqual(post.body, { ...sent, body: { text: 'é' }, query: { a: 'b c' } });
    const form = await request(app).put('/items').use(signed).type('form').send({ a: '1' });
    assert.deepEqual(form.body.body, { a: '1' });
    const upload = await request(app)
      .post('/items')
      .use(signed)
      .attach('file', Buffer.alloc(100_000), 'a.bin');
    assert.equal(upload.status, 200);
    const moved = await request(app).get('/moved').use(signed).redirects(1);
    assert.deepEqual(moved.body.query, { moved: '1' });
    await assert.rejects(request(app).get('/away').use(signed).redirects(1), { code: 'SEALWIRE_SIGN' });
    assert.equal((await request(app).get('/items')).status, 401);
    const agent = request.agent(app).use(signed);
    assert.equal((await agent.get('/items')).status, 200);
    assert.equal((await agent.delete('/items')).status, 200);
    const wrong = testing.signing(testing.credentials('billing'));
    assert.equal((await request(app).get('/items').use(wrong)).status, 401);
  });

  test(`inject signs each request: ${scheme}`, async () => {
    const app = fastify();
    app.addHook('onRequest', hmacAuthHook(server()));
    app.all('/items', async ({ sealwire: { sender }, body, query }) => ({ sender, body, query }));
    const inject = testing.signedInject(app, signerOf(scheme));
    const { name } = signerOf(scheme);
    const post = await inject({
      method: 'POST',
      url: '/items?z=1',
      query: { a: ['1', '2'], b: 'c d' },
      payload: { text: 'é' },
    });
    assert.deepEqual(post.json(), {
      sender: name,
      body: { text: 'é' },
      query: { z: '1', a: ['1', '2'], b: 'c d' },
    });
    const text = await inject({
      method: 'PUT',
      url: 'http://api.test:81/items',
      body: 'text',
      headers: { 'Content-Type': 'text/plain' },
    });
    assert.equal(text.json().body, 'text');
    const bytes = await inject({
      method: 'PUT',
      path: '/items',
      payload: Buffer.from('{}'),
      headers: { 'content-type': 'application/json' },
      authority: 'b.test',
    });
    assert.deepEqual(bytes.json().body, {});
    assert.equal((await inject('/items')).json().sender, name);
    assert.equal((await app.inject('/items')).statusCode, 401);
    assert.throws(() => inject({ method: 'POST', url: '/items', payload: Readable.from(['a']) }), {
      code: 'SEALWIRE_SIGN',
    });
    await app.close();
  });
}

test('a handler can be called with an identity, without the middleware', async () => {
  const app = express();
  app.use((req, _res, next) => {
    req.sealwire = testing.identity('agent', { userId: 'alice' });
    next();
  });
  app.get('/items', (req, res) => res.json(req.sealwire));
  const { body } = await request(app).get('/items');
  assert.deepEqual([body.sender, body.userId, body.scheme], ['agent', 'alice', 'message']);
});

test('a handler of web requests is called by signedFetch', async () => {
  const guard = web.hmacAuth(server());
  const handler = (incoming) => guard(incoming, (_request, { sender }) => Response.json({ sender }));
  const call = signedFetch(signerOf('message'), { fetch: handler, base: 'http://practices.test' });
  const response = await call('/items', { method: 'POST', body: '{}' });
  assert.deepEqual(await response.json(), { sender: 'agent' });
});

test('a table can be cleared between tests', () => {
  const table = testing.replayTable();
  const verifier = new Verifier(server({ replay: table }));
  const received = { method: 'GET', url: 'http://a.test/' };
  const headers = signerOf('message').sign(received);
  verifier.verify({ ...received, headers });
  assert.throws(() => verifier.verify({ ...received, headers }), RejectedError);
  table.clear();
  verifier.verify({ ...received, headers });
});

test('a manual clock moves only when a test moves it', async () => {
  const [service, client] = [testing.manualClock(), testing.manualClock()];
  const app = expressApp({ clock: service });
  const signed = testing.signing(signerOf('message', { clock: client }));
  const status = async () => (await request(app).get('/items').use(signed)).status;
  assert.equal(await status(), 200);
  service.advance(301_000);
  assert.equal(await status(), 401);
  client.advance(301_000);
  assert.equal(await status(), 200);
  assert.throws(() => client.advance('1'), { code: 'SEALWIRE_CONFIG' });
  mock.timers.enable({ apis: ['Date'], now: 0 });
  assert.equal(testing.manualClock()(), 0);
  mock.timers.reset();
});

test('an invalid setting is an error when the client is created', () => {
  const signer = signerOf('message', { receiver: undefined });
  assert.throws(() => testing.signing(signer), { message: /receiver/ });
  assert.throws(() => testing.signing(signerOf('message'), { userID: 'a' }), {
    message: /did you mean userId/,
  });
  assert.throws(() => testing.signing({}), { message: /^clientId: / });
  assert.throws(() => testing.signedInject({}, signerOf('message')), { message: /^app: / });
});

function injectApp() {
  const app = fastify();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', hmacAuthHook(server()));
  app.all('/items', async ({ sealwire: { sender }, body, method, headers }) => ({
    sender,
    body,
    method,
    host: headers.host,
    type: headers['content-type'],
  }));
  return { app, inject: testing.signedInject(app, signerOf('message')) };
}

test('the plugins of an application are loaded before the first request is signed', async () => {
  const app = fastify();
  app.register(async (scope) => {
    await sleep(1000); // a table rejects requests of an earlier second
    scope.addHook('onRequest', hmacAuthHook({ ...server(), replay: ReplayTable.heap() }));
    scope.get('/items', async () => 'items');
  });
  const inject = testing.signedInject(app, signerOf('message'));
  assert.equal((await inject('/items')).body, 'items');
  await app.close();
});

test('the error of a plugin is passed to the caller of inject', async () => {
  const broken = () => {
    const app = fastify();
    app.register(async () => {
      throw new Error('from the plugin');
    });
    return testing.signedInject(app, signerOf('message'));
  };
  await assert.rejects(broken()('/items'), { message: 'from the plugin' });
  const error = await new Promise((resolve) => broken()('/items', resolve));
  assert.equal(error.message, 'from the plugin');
});

const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';

test('inject signs and sends each kind of body', async () => {
  const { inject } = injectApp();
  const bytes = new Uint8Array([0x61, 0x62, 0x63]);
  const bodies = [
    [new URLSearchParams({ a: '1', b: 'é' }), 'a=1&b=%C3%A9', FORM],
    [bytes.buffer, 'abc', undefined],
    [bytes.subarray(1), 'bc', undefined],
    [new DataView(bytes.buffer, 1, 1), 'b', undefined],
    [new Blob(['text'], { type: 'text/x-own' }), 'text', 'text/x-own'],
    [[1, 2], [1, 2], 'application/json'],
  ];
  for (const [payload, body, type] of bodies) {
    const headers = type === undefined ? { 'Content-Type': 'application/x-own' } : {};
    const response = await inject({ method: 'POST', url: '/items', payload, headers });
    assert.equal(response.statusCode, 200, response.payload);
    assert.deepEqual(response.json().body, body);
    assert.equal(response.json().type, type ?? 'application/x-own');
  }
  const form = new FormData();
  form.append('name', 'value');
  form.append('file', new Blob(['content']), 'a.txt');
  const sent = { method: 'POST', url: '/items', payload: form, headers: { 'content-type': 'text/plain' } };
  const { body, type } = (await inject(sent)).json();
  assert.match(type, /^multipart\/form-data; boundary=/);
  assert.match(body, /name="name"\r\n\r\nvalue\r\n[^]*filename="a.txt"[^]*content/);
  for (const payload of [() => 1, Symbol('a')]) {
    assert.throws(() => inject({ method: 'POST', url: '/items', payload }), { code: 'SEALWIRE_SIGN' });
  }
});

test('inject signs the host and the method as sent', async () => {
  const { inject } = injectApp();
  for (const name of ['host', 'Host', 'HOST']) {
    const response = await inject({ url: '/items', headers: { [name]: 'a.test' }, authority: 'b.test' });
    assert.equal(response.json().host, 'a.test');
  }
  for (const method of ['post', 'Post', 'POST']) {
    const response = await inject({ url: '/items', method, payload: { a: 1 } });
    assert.deepEqual([response.statusCode, response.json().method], [200, 'POST']);
  }
});

test('inject calls a callback', async () => {
  const { inject } = injectApp();
  const form = new FormData();
  form.append('a', '1');
  for (const given of ['/items', { method: 'POST', url: '/items', payload: form }]) {
    const response = await new Promise((resolve, reject) => {
      const returned = inject(given, (error, received) => (error ? reject(error) : resolve(received)));
      assert.equal(returned, undefined);
    });
    assert.equal(response.statusCode, 200);
  }
});

test('an invalid request of inject is an error that contains the argument', () => {
  const { inject } = injectApp();
  for (const given of [undefined, null, 5]) {
    assert.throws(() => inject(given), { code: 'SEALWIRE_CONFIG', message: /^inject\(\): / });
  }
  assert.throws(() => inject({}), { code: 'SEALWIRE_CONFIG', message: /^url: / });
  assert.throws(() => inject({ url: '/', method: 5 }), { code: 'SEALWIRE_CONFIG', message: /^method: / });
});

test('an unknown option is an error that contains its name', async () => {
  const wrong = [
    [() => testing.identity('a', { user_id: 'x' }), /user_id: no such setting/],
    [() => testing.identity('a', null), /^identity\(\): /],
    [() => testing.keyRing(['a', 'b'], { client: ['x'] }), /client: no such setting/],
    [() => testing.keyRing(['a', 'b'], ['x']), /^keyRing\(\): /],
    [() => testing.keyRing(['a']), /^services: /],
    [() => testing.keyRing(), /^services: /],
    [() => testing.keyRing(['a', 'a']), /^services: 'a' is given twice/],
    ...['x', null, NaN, 5n].map((now) => [() => testing.manualClock(now), /^nowMs: /]),
  ];
  for (const [call, message] of wrong) assert.throws(call, { code: 'SEALWIRE_CONFIG', message });
  const check = testing.checkStore(() => ({}), { brokn: () => ({}) });
  await assert.rejects(check, { code: 'SEALWIRE_CONFIG', message: /brokn: no such setting/ });
});
