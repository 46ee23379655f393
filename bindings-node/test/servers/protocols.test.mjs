// Tests all adapters with HTTP/1 and HTTP/2 and with all schemes. Every request must receive a response, and every valid
// request must be accepted.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as one from 'h3';
import * as two from 'h3v2';
import { toNodeHandler } from 'h3v2/node';
import fastify from 'fastify';
import Koa from 'koa';
import express from '../../express.js';
import { hmacAuthHook } from '../../fastify.js';
import { defineVerifiedEventHandler } from '../../h3.js';
import calls from '../support/calls.js';
import serve from '../support/serve.js';

const { CONFIG, HONEST, report, SCHEMES, sendOne, sendTwo, servingTwo, signed } = calls;
const { EXPRESS, serving } = serve;

function overNode() {
  const guard = express.hmacAuth(CONFIG);
  return (req, res) => guard(req, res, () => report(req, res));
}

function overExpress(framework) {
  const app = framework();
  app.use('/x', express.hmacAuth(CONFIG), framework.json({ limit: '1mb' }), (req, res) => {
    const text = req.rawBody?.toString() ?? '';
    res.json({ sender: req.sealwire.sender, scheme: req.sealwire.scheme, length: text.length });
  });
  return app;
}

const shown = ({ sender, scheme }, text = '') => ({ sender, scheme, length: text.length });

function overH3One() {
  const app = one.createApp();
  const handler = async (event) => {
    const hasBody = ['POST', 'DELETE'].includes(event.method);
    return shown(event.context.sealwire, hasBody ? ((await one.readRawBody(event)) ?? '') : '');
  };
  app.use('/x', defineVerifiedEventHandler(CONFIG, handler));
  return one.toNodeListener(app);
}

function overH3Two() {
  const app = new two.H3();
  const handler = async (event) => shown(event.context.sealwire, await event.req.text());
  app.all('/x', defineVerifiedEventHandler(CONFIG, handler));
  return toNodeHandler(app);
}

function overKoa() {
  const app = new Koa();
  const guard = express.hmacAuth(CONFIG);
  app.use(async (ctx, next) => {
    if (await guard.admit(ctx.req, ctx.res)) return next();
    ctx.respond = false;
    return undefined;
  });
  app.use(async (ctx) => {
    const chunks = [];
    for await (const chunk of ctx.req) chunks.push(chunk);
    ctx.body = shown(ctx.req.sealwire, Buffer.concat(chunks).toString());
  });
  return app.callback();
}

async function overFastify({ http2 = false } = {}) {
  const app = fastify({ http2, bodyLimit: 1 << 20 });
  app.addHook('onRequest', hmacAuthHook(CONFIG));
  const handler = async (request) => shown(request.sealwire, request.body ?? '');
  // Fastify's default parser would reject an empty JSON body with 400.
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.route({ method: ['GET', 'POST', 'DELETE'], url: '/x', handler });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { origin: `http://127.0.0.1:${app.server.address().port}`, close: () => app.close() };
}

const handled = (handler) => async (use, isTwo) =>
  isTwo ? servingTwo(handler(), use) : serving(handler(), use);

const SERVERS = {
  'node:http': handled(overNode),
  'Express 4': handled(() => overExpress(EXPRESS['Express 4'])),
  'Express 5': handled(() => overExpress(EXPRESS['Express 5'])),
  Koa: handled(overKoa),
  'h3 1': handled(overH3One),
  'h3 2': handled(overH3Two),
  Fastify: async (use, isTwo) => {
    const app = await overFastify({ http2: isTwo });
    try {
      return await use(app.origin);
    } finally {
      await app.close();
    }
  },
};

// Returns whether the handler omits an unsigned body from its report. The Express handler reports `req.rawBody`, which exists
// only if the body is signed.
const isUnseen = (name) => name.startsWith('Express');

// Returns the protocols to test with a server. Express does not support `node:http2`.
const PROTOCOLS = (name) =>
  name.startsWith('Express') ? { 'HTTP/1': sendOne } : { 'HTTP/1': sendOne, 'HTTP/2': sendTwo };

for (const [name, served] of Object.entries(SERVERS)) {
  for (const [protocol, sending] of Object.entries(PROTOCOLS(name))) {
    const withServer = (use) => served(use, protocol === 'HTTP/2');
    describe(`${name} over ${protocol}`, { timeout: 30_000 }, () => {
      for (const scheme of SCHEMES) {
        test(`accepts valid requests in ${scheme}`, async () => {
          await withServer(async (origin) => {
            for (const [what, request] of Object.entries(HONEST)) {
              const { status, text } = await sending(origin, signed(scheme, request));
              assert.equal(status, 200, `${what}: ${text}`);
              const sender = scheme === 'client' ? 'cli' : 'agent';
              const unseen = scheme === 'client' && isUnseen(name);
              const length = unseen ? 0 : (request.body?.length ?? 0);
              assert.deepEqual(JSON.parse(text), { sender, scheme, length }, what);
            }
          });
        });

        test(`rejects a forged request in ${scheme} before its body`, async () => {
          await withServer(async (origin) => {
            const upload = signed(scheme, { ...HONEST['an upload of 200 KB'], path: '/y' });
            const { status } = await sending(origin, { ...upload, path: '/x' }).catch((error) => {
              if (['EPIPE', 'ECONNRESET'].includes(error.code)) return { status: 401 };
              throw error;
            });
            assert.equal(status, 401);
            assert.equal((await sending(origin, signed(scheme, {}))).status, 200);
          });
        });
      }

      test('rejects a changed body and one over the limit', async () => {
        await withServer(async (origin) => {
          const swapped = signed('message', { method: 'POST', body: '{"a":1}', sent: '{"a":2}' });
          assert.equal((await sending(origin, swapped)).status, 401);
          const body = 'x'.repeat(1_100_000);
          const { status } = await sending(origin, signed('message', { method: 'POST', body })).catch(
            (error) => {
              if (['EPIPE', 'ECONNRESET'].includes(error.code)) return { status: 413 };
              throw error;
            },
          );
          assert.equal(status, 413);
        });
      });
    });
  }
}
