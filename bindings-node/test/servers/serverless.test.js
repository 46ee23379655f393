'use strict';

// Tests with hosts that read the request themselves and call the application without a socket.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const express = require('express');
const fastify = require('fastify');
const one = require('h3');
const serverless = require('serverless-http');

const { hmacAuth } = require('../../express.js');
const { hmacAuthHook } = require('../../fastify.js');
const { defineVerifiedEventHandler } = require('../../h3.js');
const { CONFIG, HONEST, SCHEMES, signed } = require('../support/calls.js');

// Each entry sets up an application on a host, and returns a function that sends a request and resolves to the status and text
// of the response.
const HOSTS = {
  'serverless-http with Express': () => {
    const app = express();
    app.use(hmacAuth(CONFIG), express.json({ limit: '1mb' }), (req, res) =>
      res.json({ sender: req.sealwire.sender, length: JSON.stringify(req.body ?? '').length }),
    );
    const handler = serverless(app);
    return async ({ method, path, headers, body }) => {
      const [rawPath, rawQueryString] = path.split('?');
      const event = {
        version: '2.0',
        rawPath,
        rawQueryString,
        headers: withLength(headers, body),
        requestContext: { http: { method, path: rawPath, sourceIp: '192.0.2.1' } },
        body: body && Buffer.from(body).toString('base64'),
        isBase64Encoded: body !== undefined,
      };
      const { statusCode, body: text } = await handler(event, {});
      return { status: statusCode, text };
    };
  },
  'h3 toWebHandler': () => {
    const app = one.createApp();
    app.use(
      '/',
      defineVerifiedEventHandler(CONFIG, async (event) => {
        const body = ['POST', 'DELETE'].includes(event.method) ? await one.readRawBody(event) : '';
        return { sender: event.context.sealwire.sender, length: body?.length ?? 0 };
      }),
    );
    const handler = one.toWebHandler(app);
    return async ({ method, path, headers, body }) => {
      const response = await handler(new Request(`http://practices.test${path}`, { method, headers, body }));
      return { status: response.status, text: await response.text() };
    };
  },
  'Fastify inject': () => {
    const app = fastify({ bodyLimit: 1 << 20 });
    app.addHook('onRequest', hmacAuthHook(CONFIG));
    app.removeContentTypeParser('application/json');
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    const handler = async (request) => ({
      sender: request.sealwire.sender,
      length: request.body?.length ?? 0,
    });
    app.route({ method: ['GET', 'POST', 'DELETE'], url: '/x', handler });
    return async ({ method, path, headers, body }) => {
      const { statusCode, payload } = await app.inject({ method, url: path, headers, payload: body });
      return { status: statusCode, text: payload };
    };
  },
};

const withLength = (headers, body) =>
  body ? { ...headers, 'Content-Length': String(body.length) } : headers;

for (const [name, host] of Object.entries(HOSTS)) {
  describe(name, { timeout: 20_000 }, () => {
    for (const scheme of SCHEMES) {
      test(`accepts ${scheme}, and the handler reads the body`, async () => {
        const ask = host();
        for (const what of ['GET', 'JSON', 'an upload of 200 KB', 'DELETE']) {
          const { status, text } = await ask(signed(scheme, HONEST[what]));
          assert.equal(status, 200, `${what}: ${text}`);
          const { sender, length } = JSON.parse(text);
          assert.equal(sender, scheme === 'client' ? 'cli' : 'agent');
          if (HONEST[what].body) assert.equal(length, HONEST[what].body.length, what);
        }
      });

      test(`rejects forged and unsigned requests in ${scheme}`, async () => {
        const ask = host();
        assert.equal(
          (await ask({ method: 'GET', path: '/x', headers: { Host: 'practices.test' } })).status,
          401,
        );
        const forged = signed(scheme, { method: 'POST', body: '{"a":1}', path: '/y' });
        assert.equal((await ask({ ...forged, path: '/x' })).status, 401);
      });
    }

    test('rejects a changed body', async () => {
      const ask = host();
      for (const scheme of ['message', 'pairwise']) {
        const swapped = signed(scheme, { method: 'POST', body: '{"a":1}', sent: '{"a":2}' });
        assert.equal((await ask(swapped)).status, 401);
      }
    });
  });
}
