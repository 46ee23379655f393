// Tests applications with two guards. Both verify each request, and the second one must not reject it as a replay.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import express from 'express';
import express4 from 'express4';
import fastify from 'fastify';
import * as one from 'h3';
import * as two from 'h3v2';
import { toNodeHandler } from 'h3v2/node';
import { Hono } from 'hono';
import Koa from 'koa';
import sealwire from '../../index.js';
import { hmacAuth } from '../../express.js';
import { hmacAuthHook } from '../../fastify.js';
import { defineVerifiedEventHandler, hmacAuthMiddleware } from '../../h3.js';
import { redisStore } from '../../redis.js';
import { hmacAuth as webAuth } from '../../web.js';
import calls from '../support/calls.js';
import serve from '../support/serve.js';

const { KeyRing, Modes, ReplayTable, Signer, Verifier } = sealwire;
const { memory, send, serving } = serve;
const { CONFIG, SCHEMES, SIGNERS, sendTwo, servingTwo, signed } = calls;

const folder = mkdtempSync(path.join(os.tmpdir(), 'sealwire-two-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const file = () => path.join(folder, `${(files += 1)}.replay`);

const heap = () => ReplayTable.heap({ acceptOlder: true });

const onExpress = (framework) => (outer, inner, use) => {
  const app = framework();
  app.use(hmacAuth(outer), hmacAuth(inner), framework.text({ type: '*/*' }));
  app.use((req, res) => res.send(`${req.sealwire?.sender} ${req.body ?? ''}`));
  return serving(app, use);
};

// For each adapter, a function that runs a server with two guards while `use` runs. The application responds with the sender and
// the body.
const SERVERS = {
  'Express 5': onExpress(express),
  'Express 4': onExpress(express4),
  'Express with a body parser between the guards': (outer, inner, use) => {
    const app = express();
    app.use(hmacAuth(outer), express.text({ type: '*/*' }), hmacAuth(inner));
    app.use((req, res) => res.send(`${req.sealwire.sender} ${req.body}`));
    return serving(app, use);
  },
  Fastify: async (outer, inner, use) => {
    const app = fastify();
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => done(null, body));
    app.addHook('onRequest', hmacAuthHook(outer));
    app.register(async (part) => {
      part.addHook('onRequest', hmacAuthHook(inner));
      part.all('/*', (request) => `${request.sealwire.sender} ${request.body ?? ''}`);
    });
    const origin = await app.listen({ port: 0, host: '127.0.0.1' });
    await use(origin).finally(() => app.close());
  },
  Koa: (outer, inner, use) => {
    const app = new Koa();
    for (const guard of [hmacAuth(outer), hmacAuth(inner)]) {
      app.use(async (ctx, next) => {
        if (await guard.admit(ctx.req, ctx.res, ctx.originalUrl)) return next();
        ctx.respond = false;
      });
    }
    app.use(async (ctx) => {
      const chunks = await ctx.req.toArray();
      ctx.body = `${ctx.req.sealwire.sender} ${Buffer.concat(chunks)}`;
    });
    return serving(app.callback(), use);
  },
  'h3 1': (outer, inner, use) => {
    const app = one.createApp();
    app.use(hmacAuthMiddleware(outer));
    const handler = async (event) =>
      `${event.context.sealwire.sender} ${(await one.readRawBody(event)) ?? ''}`;
    app.use(defineVerifiedEventHandler(inner, handler));
    return serving(one.toNodeListener(app), use);
  },
  'h3 2': (outer, inner, use) => {
    const app = new two.H3();
    app.use(hmacAuthMiddleware(outer));
    const handler = async (event) => `${event.context.sealwire.sender} ${await event.req.text()}`;
    app.all('/**', defineVerifiedEventHandler(inner, handler));
    return serving(toNodeHandler(app), use);
  },
};

for (const [name, run] of Object.entries(SERVERS)) {
  describe(name, () => {
    for (const scheme of SCHEMES) {
      test(`both guards accept a ${scheme} request once`, async () => {
        const logger = memory();
        const claimPairwise = scheme === 'pairwise';
        const config = { ...CONFIG, schemes: [scheme], replay: heap(), claimPairwise, logger };
        await run(config, config, async (origin) => {
          const request = signed(scheme, { method: 'POST', path: '/x', body: 'hello', length: true });
          const sender = scheme === 'client' ? 'cli' : 'agent';
          const accepted = await send(origin, request);
          assert.deepEqual([accepted.status, accepted.text], [200, `${sender} hello`]);
          assert.equal((await send(origin, request)).status, 401);
          assert.equal(logger.entries.at(-1).code, 'replayed');
        });
      });
    }

    test('the second guard verifies the body with its own limit', async () => {
      const replay = heap();
      const outer = { ...CONFIG, replay };
      await run(outer, { ...outer, maxBodyBytes: 3 }, async (origin) => {
        const request = (body) => signed('message', { method: 'POST', path: '/x', body, length: true });
        assert.equal((await send(origin, request('abc'))).status, 200);
        assert.equal((await send(origin, request('abcd'))).status, 413);
      });
    });

    test('the second guard applies its own policy', async () => {
      const outer = { ...CONFIG, replay: heap() };
      const inner = { ...outer, senders: { agent: { methods: ['POST'] } } };
      await run(outer, inner, async (origin) => {
        const request = (method) => signed('message', { method, path: '/x', body: 'a', length: true });
        assert.equal((await send(origin, request('POST'))).status, 200);
        assert.equal((await send(origin, request('PUT'))).status, 401);
      });
    });
  });
}

const express5 = SERVERS['Express 5'];
const get = (scheme) => signed(scheme, { path: '/x' });

// Pairs of replay stores that contain the same nonces.
const SAME = {
  'one table': () => Array(2).fill(heap()),
  'two objects for one file': () => {
    const name = file();
    return [0, 1].map(() => ReplayTable.mapped(name, { acceptOlder: true }));
  },
  'two objects for one shared table': () =>
    [0, 1].map(() => ReplayTable.heap({ sharedAs: 'two-guards', acceptOlder: true })),
  'one shared store': () => Array(2).fill(inMemory()),
  'two Redis stores with one client': () => {
    const client = redisClient();
    return [0, 1].map(() => redisStore(client));
  },
};

function inMemory() {
  const keys = new Set();
  const claim = async (key) => !keys.has(key) && Boolean(keys.add(key));
  return { claim };
}

// A client that stores keys in the same way as a Redis server.
function redisClient() {
  const keys = new Set();
  const sendCommand = async ([name, key, , condition]) => {
    if (name === 'INFO') return 'maxmemory_policy:noeviction\r\n';
    if (name !== 'SET') return [String(Math.floor(Date.now() / 1000)), '0'];
    if (condition === 'XX' || keys.has(key)) return null;
    keys.add(key);
    return 'OK';
  };
  return { sendCommand };
}

for (const [name, stores] of Object.entries(SAME)) {
  test(`a request is accepted once by guards with ${name}`, async () => {
    const [outer, inner] = stores();
    await express5({ ...CONFIG, replay: outer }, { ...CONFIG, replay: inner }, async (origin) => {
      for (const scheme of ['message', 'client']) {
        const request = get(scheme);
        assert.equal((await send(origin, request)).status, 200);
        assert.equal((await send(origin, request)).status, 401);
      }
    });
  });
}

test('a request is accepted once by guards with the default table', async () => {
  const config = { clientId: 'cli', sharedSecret: calls.CLI_SECRET };
  await express5(config, config, async (origin) => {
    // The table of a new file rejects requests that were signed in the second of its creation.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const request = get('client');
    assert.equal((await send(origin, request)).status, 200);
    assert.equal((await send(origin, request)).status, 401);
  });
});

test('a replay that only the table of the second guard contains is rejected', async () => {
  const [first, second] = [heap(), heap()];
  const request = get('message');
  const inner = { ...CONFIG, replay: second };
  new Verifier(inner).verify({ ...request, url: request.path, scheme: 'http' });
  await express5({ ...CONFIG, replay: first }, inner, async (origin) => {
    assert.equal((await send(origin, request)).status, 401);
    assert.equal((await send(origin, get('message'))).status, 200);
  });
});

test('a request with two signatures is accepted once for each of them', async () => {
  const replay = heap();
  const outer = { ...CONFIG, schemes: ['client'], replay };
  const inner = { ...CONFIG, schemes: ['message'], replay };
  const both = () => {
    const [client, message] = [get('client'), get('message')];
    return { ...message, headers: { ...client.headers, ...message.headers } };
  };
  await express5(outer, inner, async (origin) => {
    const request = both();
    assert.equal((await send(origin, request)).status, 200);
    assert.equal((await send(origin, request)).status, 401);
    // The nonce of the first signature is new, and that of the second was claimed above.
    const mixed = { ...request, headers: { ...request.headers, ...get('client').headers } };
    assert.equal((await send(origin, mixed)).status, 401);
  });
});

test('a client cannot claim that its request was verified', async () => {
  const replay = heap();
  const app = express();
  app.use(express.json(), (req, res, next) => next());
  app.use(hmacAuth({ ...CONFIG, replay }), (req, res) => res.send('ok'));
  await serving(app, async (origin) => {
    const request = get('message');
    assert.equal((await send(origin, request)).status, 200);
    for (const name of ['sealwire', 'sealwire-claimed', 'x-sealwire-claimed']) {
      const headers = { ...request.headers, [name]: '1' };
      assert.equal((await send(origin, { ...request, headers })).status, 401);
    }
  });
});

test('a copy of an accepted request is a replay', async () => {
  const guard = webAuth({ ...CONFIG, replay: heap() });
  const { headers, path: target } = get('message');
  const request = new Request(`http://practices.test${target}`, { headers });
  assert.equal((await guard(request, () => new Response('ok'))).status, 200);
  assert.equal((await guard(new Request(request), () => new Response('ok'))).status, 401);
});

test('Hono accepts a request at a guard for all paths and one for some paths', async () => {
  const config = { ...CONFIG, replay: heap() };
  const app = new Hono();
  app.use(webAuth(config).hono);
  app.use('/admin/*', webAuth(config).hono);
  app.all('*', async (c) => c.text(`${c.get('sealwire').sender} ${await c.req.text()}`));
  for (const target of ['/a', '/admin/a']) {
    const url = `http://practices.test${target}`;
    const headers = SIGNERS.message.sign({ method: 'POST', url, body: 'hello' });
    const ask = () => app.fetch(new Request(url, { method: 'POST', headers, body: 'hello' }));
    assert.equal(await (await ask()).text(), 'agent hello');
    assert.equal((await ask()).status, 401);
  }
});

test('h3 without Node.js accepts a request at two guards', async () => {
  const config = { ...CONFIG, replay: heap() };
  const app = new two.H3();
  app.use(hmacAuthMiddleware(config));
  app.all(
    '/**',
    defineVerifiedEventHandler(config, (event) => event.req.text()),
  );
  const web = one.createApp();
  web.use(hmacAuthMiddleware(config));
  web.use(defineVerifiedEventHandler(config, (event) => one.readRawBody(event)));
  for (const ask of [(request) => app.fetch(request), one.toWebHandler(web)]) {
    const url = 'http://practices.test/x';
    const headers = SIGNERS.message.sign({ method: 'POST', url, body: 'hello' });
    const request = () => new Request(url, { method: 'POST', headers, body: 'hello' });
    assert.equal(await (await ask(request())).text(), 'hello');
    assert.equal((await ask(request())).status, 401);
  }
});

test('two guards of an HTTP/2 server accept a request once', async () => {
  const config = { ...CONFIG, replay: heap() };
  const guards = [hmacAuth(config), hmacAuth(config)];
  const handler = async (req, res) => {
    for (const guard of guards) if (!(await guard.admit(req, res))) return;
    res.end(Buffer.concat(await req.toArray()));
  };
  await servingTwo(handler, async (origin) => {
    const request = signed('message', { method: 'POST', body: 'hello' });
    const first = await sendTwo(origin, request);
    assert.deepEqual([first.status, first.text], [200, 'hello']);
    assert.equal((await sendTwo(origin, request)).status, 401);
  });
});

test('two guards accept a WebSocket handshake once', async () => {
  const config = { ...CONFIG, replay: heap() };
  const guards = [hmacAuth(config), hmacAuth(config)];
  const socket = { destroyed: false, on() {}, off() {}, write() {}, end() {} };
  const handshake = () => {
    const { method, path: url, headers } = get('message');
    const lower = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    return { method, url, headers: lower, rawHeaders: Object.entries(headers).flat() };
  };
  const req = handshake();
  for (const guard of guards) assert.equal(await guard.verifyUpgrade(req, socket), true);
  assert.equal(await guards[0].verifyUpgrade({ ...req }, socket), false);
});

test('a change of the modes also applies to the second guard', async () => {
  const modes = new Modes();
  const replay = heap();
  const outer = { ...CONFIG, replay };
  const inner = { ...outer, modes, senders: { agent: { methods: ['PUT'] } } };
  await express5(outer, inner, async (origin) => {
    assert.equal((await send(origin, get('message'))).status, 401);
    modes.replace({ mode: 'observe' });
    assert.equal((await send(origin, get('message'))).status, 200);
  });
});

test('a change of the keys does not affect the acceptance by the second guard', async () => {
  const secret = 'a client secret of more than thirty-two bytes';
  const keys = new KeyRing({ clients: { cli: secret, other: secret } });
  const config = { keys, senders: { cli: { methods: ['GET'] } }, replay: heap() };
  await express5(config, config, async (origin) => {
    keys.replace({ clients: { cli2: secret } }); // now `cli` would be reported as a misspelt name
    const { status } = await send(origin, get('client'));
    assert.equal(status, 401);
    keys.replace({ clients: { cli: secret } });
    const signer = new Signer({ name: 'cli', keys, schemes: ['client'] });
    const headers = signer.sign({ method: 'GET', url: '/x' });
    assert.equal((await send(origin, { path: '/x', headers })).status, 200);
  });
});

test('keys that are looked up are used by both guards', async () => {
  const secret = 'a client secret of more than thirty-two bytes';
  const lookUpKeys = async () => ({ clients: { cli: secret } });
  const config = { lookUpKeys, replay: heap() };
  const signer = new Signer({
    name: 'cli',
    keys: new KeyRing({ clients: { cli: secret } }),
    schemes: ['client'],
  });
  await express5(config, config, async (origin) => {
    const headers = signer.sign({ method: 'GET', url: '/x' });
    assert.equal((await send(origin, { path: '/x', headers })).status, 200);
    assert.equal((await send(origin, { path: '/x', headers })).status, 401);
  });
});

test('a response is signed once if both guards sign responses', async () => {
  const config = { ...CONFIG, replay: heap(), signResponses: true };
  await express5(config, config, async (origin) => {
    const url = `${origin}/x`;
    const signer = new Signer({ name: 'agent', keys: calls.KEYS, receiver: 'practices' });
    const request = { method: 'GET', url: '/x', authority: 'practices.test', scheme: 'http' };
    const headers = signer.sign(request);
    const { status, response, body } = await raw(url, headers);
    assert.equal(status, 200);
    signer.verifyResponse({ ...request, headers }, { status, headers: response, body });
  });
});

// Sends a request with a Host header that `fetch` would replace.
async function raw(url, headers) {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { ...headers, Host: 'practices.test' } }, async (response) => {
      const body = Buffer.concat(await response.toArray());
      resolve({ status: response.statusCode, response: response.headers, body });
    });
    sent.on('error', reject).end();
  });
}

test('the statistics of a verifier count the requests of both guards', async () => {
  const config = { ...CONFIG, replay: heap() };
  const verifier = new Verifier(config);
  await express5({ verifier }, { verifier }, async (origin) => {
    await send(origin, get('message'));
    const accepted = verifier
      .stats()
      .find(({ outcome, name }) => outcome === 'accepted' && name === 'message');
    assert.equal(accepted?.count, 2);
  });
});
