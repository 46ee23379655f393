// The service of the boundary tests for Node.js servers. Usage: node node_service.mjs SERVER PORT
//
// The paths `/public/*` are exempt, and all other paths are protected. The sender `meals` may send only GET and POST
// requests below `/api`. `/inner` is a mounted application with the same rules. The exempt paths of
// `/mounted` contain the mount path by mistake. They match no request, because the framework removes the
// mount path.

import http from 'node:http';
import { createRequire } from 'node:module';
import { KeyRing, ReplayTable } from '../../bindings-node/index.js';
import { hmacAuth } from '../../bindings-node/express.js';
import { hmacAuthHook } from '../../bindings-node/fastify.js';
import { defineVerifiedEventHandler } from '../../bindings-node/h3.js';
import { hmacAuth as webAuth } from '../../bindings-node/web.js';

const load = createRequire(new URL('../../bindings-node/package.json', import.meta.url));
const h3 = load('h3');

const SERVICE = 'practices';
const keys = KeyRing.fromEnv(SERVICE);
const replay = ReplayTable.heap();
const settings = (changes = {}) => ({
  keys,
  replay,
  service: SERVICE,
  schemes: ['message'],
  authorities: 'any',
  exemptPaths: ['/public/*'],
  senders: { meals: { methods: ['GET', 'POST'], pathPrefixes: ['/api'] } },
  ...changes,
});
const MOUNTED = { exemptPaths: ['/mounted/*'] };

const shown = (kind, path, headers, identity) => ({
  served: kind,
  path,
  sender: identity?.sender ?? null,
  user: [headers['x-user-id'] ?? []].flat().join() || null,
});

// Returns the percent-decoded path of the target.
function decoded(target) {
  const path = target.split('?', 1)[0];
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const kindOf = (path) => (path.startsWith('/public/') ? 'public' : 'protected');

async function respond(req, res) {
  for await (const chunk of req) void chunk;
  const path = decoded(req.url);
  const body = JSON.stringify(shown(kindOf(path), path, req.headers, req.sealwire));
  res.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
}

function overNode() {
  const guards = {
    '': hmacAuth(settings()),
    '/inner': hmacAuth(settings()),
    '/mounted': hmacAuth(settings(MOUNTED)),
  };
  return async (req, res) => {
    const mount = ['/inner', '/mounted'].find((prefix) => req.url.startsWith(`${prefix}/`)) ?? '';
    req.originalUrl = req.url;
    req.url = req.url.slice(mount.length);
    if (await guards[mount].admit(req, res)) await respond(req, res);
  };
}

function overExpress(framework) {
  const made = (changes) => {
    const app = framework();
    app.use(hmacAuth(settings(changes)));
    app.use('/public', (req, res) =>
      res.json(shown('public', decoded(req.originalUrl), req.headers, req.sealwire)),
    );
    app.use((req, res) => res.json(shown('protected', decoded(req.url), req.headers, req.sealwire)));
    return app;
  };
  return framework().use('/inner', made()).use('/mounted', made(MOUNTED)).use(made());
}

function overH3One() {
  const handler = (event) =>
    shown(kindOf(event.path), event.path, event.node.req.headers, event.context.sealwire);
  const made = (changes) => defineVerifiedEventHandler(settings(changes), handler);
  const app = h3.createApp();
  app.use('/inner', made()).use('/mounted', made(MOUNTED)).use('/', made());
  return h3.toNodeListener(app);
}

// Fastify, Hono and h3 version 2 do not remove the mount path from the request path, so these rules contain
// it.
const PREFIXED = {
  exemptPaths: ['/public/*', '/inner/public/*'],
  senders: { meals: { methods: ['GET', 'POST'], pathPrefixes: ['/api', '/inner/api'] } },
};
const below = (path) => path.replace(/^\/inner(?=\/)/, '');

async function overH3Two() {
  const { H3 } = await import(load.resolve('h3v2'));
  const { toNodeHandler } = await import(load.resolve('h3v2/node'));
  const handler = ({ url, req, context }) => {
    const path = below(decoded(url.pathname));
    return shown(kindOf(path), path, Object.fromEntries(req.headers), context.sealwire);
  };
  return toNodeHandler(new H3().all('/**', defineVerifiedEventHandler(settings(PREFIXED), handler)));
}

function overFastify() {
  let handle;
  const app = load('fastify')({ serverFactory: (handler) => http.createServer((handle = handler)) });
  app.addHook('onRequest', hmacAuthHook(settings(PREFIXED)));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.all('*', (request) => {
    const path = below(decoded(request.raw.url));
    return shown(kindOf(path), path, request.headers, request.sealwire);
  });
  return async (req, res) => {
    await app.ready();
    handle(req, res);
  };
}

function overKoa() {
  const app = new (load('koa'))();
  const guarded = overNode();
  app.use(async (ctx) => {
    ctx.respond = false;
    await guarded(ctx.req, ctx.res);
  });
  return app.callback();
}

// Calls Hono with a web-standard `Request`, as its Node.js server does.
function overHono() {
  const { Hono } = load('hono');
  const app = new Hono();
  app.use(webAuth(settings(PREFIXED)).hono);
  app.all('*', (c) => {
    const path = below(decoded(new URL(c.req.url).pathname));
    return c.json(shown(kindOf(path), path, c.req.header(), c.get('sealwire')));
  });
  return async (req, res) => {
    const response = await standard(req).then((request) => (request ? app.fetch(request) : refused()));
    res.writeHead(response.status, Object.fromEntries(response.headers));
    res.end(await response.text());
  };
}

const refused = () => new Response(null, { status: 400 });

async function standard(req) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const url = `http://${req.headers.host}${req.url}`;
  if (!URL.canParse(url)) return undefined;
  const headers = [];
  for (let at = 0; at < req.rawHeaders.length; at += 2) headers.push(req.rawHeaders.slice(at, at + 2));
  const body = ['GET', 'HEAD'].includes(req.method) ? undefined : Buffer.concat(chunks);
  return new Request(url, { method: req.method, headers, body });
}

const SERVERS = {
  'node:http': overNode,
  'express-4': () => overExpress(load('express4')),
  'express-5': () => overExpress(load('express')),
  'h3-1': overH3One,
  'h3-2': overH3Two,
  fastify: overFastify,
  koa: overKoa,
  hono: overHono,
};

const [, , name, port] = process.argv;
http.createServer(await SERVERS[name]()).listen(Number(port), '127.0.0.1');
