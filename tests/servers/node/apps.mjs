// The test application for all servers. It verifies a request, reads the body, and responds with the sender,
// the scheme and the body length.

import 'reflect-metadata';
import { createServer } from 'node:http';
import http2 from 'node:http2';
import { createAdaptorServer } from '@hono/node-server';
import { All, Controller, Module, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Elysia } from 'elysia';
import express from 'express';
import express4 from 'express4';
import fastify from 'fastify';
import * as h3 from 'h3';
import * as h3v2 from 'h3v2';
import { toNodeHandler } from 'h3v2/node';
import { Hono } from 'hono';
import Koa from 'koa';
import serverlessHttp from 'serverless-http';
import sealwireExpress from '../../../bindings-node/express.js';
import sealwireFastify from '../../../bindings-node/fastify.js';
import sealwireH3 from '../../../bindings-node/h3.js';
import sealwireWeb from '../../../bindings-node/web.js';
import { gatewayEvent, overFetch, overLambda, overSockets } from './hosts.mjs';

const { hmacAuth } = sealwireExpress;

export const seen = (identity, text = '') => ({
  sender: identity?.sender,
  scheme: identity?.scheme,
  length: text?.length ?? 0,
});

async function textOf(readable) {
  const chunks = [];
  for await (const chunk of readable) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

// Converts a JSON body that a framework parsed back to text. The result equals the original body, because the
// requests contain JSON without spaces.
const parsedText = (body) => (body === undefined || body === null ? '' : JSON.stringify(body));

function nodeHandler(config) {
  const guard = hmacAuth(config);
  return async (req, res) => {
    if (await guard.admit(req, res)) res.end(JSON.stringify(seen(req.sealwire, await textOf(req))));
  };
}

function expressApp(framework, config) {
  const app = framework();
  app.use(hmacAuth(config), framework.json({ limit: '1mb' }));
  app.all('/x', (req, res) => {
    // In Express 4, `req.body` is an empty object if the request has no body.
    const isEmpty = req.body === undefined || Object.keys(req.body).length === 0;
    res.json(seen(req.sealwire, isEmpty ? '' : parsedText(req.body)));
  });
  return app;
}

function koaApp(config) {
  const app = new Koa();
  const guard = hmacAuth(config);
  app.use(async (ctx, next) => {
    if (await guard.admit(ctx.req, ctx.res, ctx.originalUrl)) return next();
    ctx.respond = false;
    return undefined;
  });
  app.use(async (ctx) => (ctx.body = seen(ctx.req.sealwire, await textOf(ctx.req))));
  return app.callback();
}

function honoApp(config) {
  const app = new Hono();
  app.use(sealwireWeb.hmacAuth(config).hono);
  app.all('/x', async (c) => c.json(seen(c.get('sealwire'), await c.req.text())));
  return app;
}

function elysiaFetch(config) {
  const callers = new WeakMap();
  const auth = sealwireWeb.hmacAuth(config);
  const app = new Elysia().all(
    '/x',
    async ({ request }) => seen(callers.get(request), await request.text()),
    { parse: 'none' },
  );
  return (request) =>
    auth(request, (verified, identity) => {
      callers.set(verified, identity);
      return app.handle(verified);
    });
}

function webFetch(config) {
  const auth = sealwireWeb.hmacAuth(config);
  return (request) =>
    auth(request, async (verified, identity) => Response.json(seen(identity, await verified.text())));
}

function h3One(config) {
  const app = h3.createApp();
  const handler = async (event) => {
    const hasBody = ['POST', 'PUT', 'PATCH', 'DELETE'].includes(event.method);
    return seen(event.context.sealwire, hasBody ? await h3.readRawBody(event) : '');
  };
  return app.use('/x', sealwireH3.defineVerifiedEventHandler(config, handler));
}

function h3Two(config) {
  const app = new h3v2.H3();
  const handler = async (event) => seen(event.context.sealwire, await event.req.text());
  return app.all('/x', sealwireH3.defineVerifiedEventHandler(config, handler));
}

function decorated() {
  class Echo {
    report(req, res) {
      const isEmpty = !req.body || Object.keys(req.body).length === 0;
      res.send(seen(req.sealwire ?? req.raw?.sealwire, isEmpty ? '' : parsedText(req.body)));
    }
  }
  const method = Object.getOwnPropertyDescriptor(Echo.prototype, 'report');
  Req()(Echo.prototype, 'report', 0);
  Res()(Echo.prototype, 'report', 1);
  All()(Echo.prototype, 'report', method);
  Controller('x')(Echo);
  class App {}
  Module({ controllers: [Echo] })(App);
  return App;
}

async function nestOnExpress(config) {
  const app = await NestFactory.create(decorated(), { bodyParser: false, logger: false });
  app.use(hmacAuth(config));
  app.useBodyParser('json', { limit: '1mb' });
  await app.listen(0, '127.0.0.1');
  return opened(app.getHttpServer(), () => app.close());
}

async function nestOnFastify(config) {
  const adapter = new FastifyAdapter({ bodyLimit: 1 << 20 });
  const app = await NestFactory.create(decorated(), adapter, { logger: false });
  app.getHttpAdapter().getInstance().addHook('onRequest', sealwireFastify.hmacAuthHook(config));
  await app.listen(0, '127.0.0.1');
  return opened(app.getHttpServer(), () => app.close());
}

async function fastifyServer(config, http2 = false) {
  const app = fastify({ http2, bodyLimit: 1 << 20 });
  app.addHook('onRequest', sealwireFastify.hmacAuthHook(config));
  app.all('/x', async (request) => seen(request.sealwire, parsedText(request.body)));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return opened(app.server, () => app.close());
}

const opened = (server, close) => ({ origin: `http://127.0.0.1:${server.address().port}`, close });

async function listening(server) {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return opened(server, () => {
    server.closeAllConnections?.();
    return new Promise((resolve) => server.close(resolve));
  });
}

// Creates HTTP/1.1 and HTTP/2 servers for a Node.js request handler. `two` is the handler for HTTP/2, or
// null.
const sockets = (handler, two = handler) =>
  overSockets(
    (config) => listening(createServer(handler(config))),
    two && ((config) => listening(http2.createServer(two(config)))),
  );

const honoServer = (create) => (config) =>
  listening(createAdaptorServer({ fetch: honoApp(config).fetch, createServer: create }));

// The servers by name. See hosts.mjs for the ways to call them.
export const SERVERS = {
  'node:http, node:http2': sockets(nodeHandler),
  'Express 4': sockets((config) => expressApp(express4, config), null),
  'Express 5': sockets((config) => expressApp(express, config), null),
  Fastify: overSockets(fastifyServer, (config) => fastifyServer(config, true)),
  Koa: sockets(koaApp),
  'Nest, Express': overSockets(nestOnExpress),
  'Nest, Fastify': overSockets(nestOnFastify),
  'Hono, Node': overSockets(honoServer(createServer), honoServer(http2.createServer)),
  'Hono, fetch': overFetch((config) => honoApp(config).fetch),
  'Elysia, fetch': overFetch(elysiaFetch),
  'sealwire/web': overFetch(webFetch),
  'h3 1': sockets((config) => h3.toNodeListener(h3One(config))),
  'h3 1, web': overFetch((config) => h3.toWebHandler(h3One(config))),
  'h3 2': sockets((config) => toNodeHandler(h3Two(config))),
  'h3 2, fetch': overFetch((config) => {
    const app = h3Two(config);
    return (request) => app.fetch(request);
  }),
  'serverless-http, v1': overLambda(
    (config) => serverlessHttp(expressApp(express, config)),
    gatewayEvent.one,
    { losesQuery: true },
  ),
  'serverless-http, v2': overLambda(
    (config) => serverlessHttp(expressApp(express, config)),
    gatewayEvent.two,
  ),
};
