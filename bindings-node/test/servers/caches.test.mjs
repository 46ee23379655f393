// Tests that a shared cache does not send the response to a verified request to other callers. Each server runs behind a real
// nginx that stores every response that may be cached.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import fastify from 'fastify';
import * as one from 'h3';
import * as two from 'h3v2';
import { toNodeHandler } from 'h3v2/node';
import express from '../../express.js';
import { hmacAuthHook } from '../../fastify.js';
import { defineVerifiedEventHandler } from '../../h3.js';
import { hmacAuth as webAuth } from '../../web.js';
import calls from '../support/calls.js';
import nginx from '../support/nginx.js';
import serve from '../support/serve.js';

const { CONFIG, servingTwo, signed, sendTwo } = calls;
const { EXPRESS, send, serving } = serve;

const PUBLIC = 'public, max-age=60';

function overH3One(before) {
  const app = one.createApp();
  const handler = (event) => {
    if (event.path.startsWith('/own')) one.setResponseHeader(event, 'Cache-Control', PUBLIC);
    return before();
  };
  app.use(defineVerifiedEventHandler(CONFIG, handler));
  return one.toNodeListener(app);
}

function overH3Two(before, respond) {
  const app = new two.H3();
  app.all(
    '/**',
    defineVerifiedEventHandler(CONFIG, (event) => respond(event, before())),
  );
  return toNodeHandler(app);
}

const h3Returns = {
  text: (event, body) => {
    if (event.url.pathname === '/own') event.res.headers.set('Cache-Control', PUBLIC);
    return body;
  },
  response: (event, body) =>
    new Response(body, { headers: event.url.pathname === '/own' ? { 'Cache-Control': PUBLIC } : {} }),
};

function overNode(before) {
  const guard = express.hmacAuth(CONFIG);
  return (req, res) =>
    guard(req, res, () => {
      if (req.url === '/own') res.writeHead(200, { 'Cache-Control': PUBLIC });
      res.end(before());
    });
}

function overExpress(framework, before) {
  const app = framework();
  app.use(express.hmacAuth(CONFIG), (req, res) => {
    if (req.url === '/own') res.set('Cache-Control', PUBLIC);
    res.send(before());
  });
  return app;
}

function overWeb(before) {
  const auth = webAuth(CONFIG);
  const handler = (request) =>
    new Response(before(), {
      headers: new URL(request.url).pathname === '/own' ? { 'Cache-Control': PUBLIC } : {},
    });
  return async (req, res) => {
    const request = new Request(`http://${req.headers.host}${req.url}`, { headers: req.headers });
    const response = await auth(request, handler);
    res.writeHead(response.status, Object.fromEntries(response.headers));
    res.end(await response.text());
  };
}

function overFastify(before) {
  let ready;
  const app = fastify({ serverFactory: (handler) => createServer((ready = handler)) });
  app.addHook('onRequest', hmacAuthHook(CONFIG));
  app.get('/*', async (request, reply) => {
    if (request.url === '/own') reply.header('Cache-Control', PUBLIC);
    return before();
  });
  return async (req, res) => {
    await app.ready();
    ready(req, res);
  };
}

const SERVERS = {
  'node:http': overNode,
  'Express 4': (before) => overExpress(EXPRESS['Express 4'], before),
  'Express 5': (before) => overExpress(EXPRESS['Express 5'], before),
  'h3 1': overH3One,
  'h3 2 that returns text': (before) => overH3Two(before, h3Returns.text),
  'h3 2 that returns a Response': (before) => overH3Two(before, h3Returns.response),
  Fastify: overFastify,
  'sealwire/web': overWeb,
};

for (const [name, make] of Object.entries(SERVERS)) {
  describe(name, { skip: !nginx.isInstalled() && 'nginx is not installed' }, () => {
    test('a verified response is not served to an unsigned request', async () => {
      let runs = 0;
      await serving(
        make(() => `secret ${++runs}`),
        (upstream) =>
          nginx.caching(upstream, async (origin) => {
            assert.deepEqual(
              [(await send(origin, signed('message', { path: '/x' }))).text, runs],
              ['secret 1', 1],
            );
            const unsigned = await send(origin, { path: '/x', headers: { Host: 'practices.test' } });
            assert.equal(unsigned.status, 401);
            const { headers } = await fetch(`${origin}/x?unsigned`);
            assert.equal(headers.get('cache-control'), 'no-store');
            assert.equal((await send(origin, signed('client', { path: '/x' }))).text, 'secret 2');
          }),
      );
    });

    test("the application's own Cache-Control stays", async () => {
      let runs = 0;
      await serving(
        make(() => `shared ${++runs}`),
        (upstream) =>
          nginx.caching(upstream, async (origin) => {
            assert.equal((await send(origin, signed('message', { path: '/own' }))).text, 'shared 1');
            const unsigned = await send(origin, { path: '/own', headers: { Host: 'practices.test' } });
            assert.deepEqual([unsigned.status, unsigned.text], [200, 'shared 1']);
          }),
      );
    });
  });
}

test('a node:http2 server also sends Cache-Control: private', async () => {
  await servingTwo(
    overNode(() => 'secret'),
    async (origin) => {
      const { headers } = await sendTwo(origin, signed('message', { path: '/x' }));
      assert.equal(headers['cache-control'], 'private');
      const { headers: own } = await sendTwo(origin, signed('message', { path: '/own' }));
      assert.equal(own['cache-control'], PUBLIC);
    },
  );
});
