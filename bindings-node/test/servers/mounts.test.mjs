// Tests guards in Koa and Hono applications that are mounted below a path. The signature covers the complete path.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hono } from 'hono';
import Koa from 'koa';
import compose from 'koa-compose';
import sealwire from '../../index.js';
import { hmacAuth } from '../../express.js';
import { hmacAuth as webAuth } from '../../web.js';
import calls from '../support/calls.js';
import serve from '../support/serve.js';

const { CONFIG, signed, SIGNERS } = calls;
const { send, serving } = serve;

const configured = (more) => ({
  ...CONFIG,
  replay: sealwire.ReplayTable.heap({ acceptOlder: true }),
  exemptPaths: ['/open/*'],
  ...more,
});

// Mounts an application in the same way as koa-mount: it removes the prefix from the path, and restores it for later middleware.
function mount(prefix, app) {
  const inner = compose(app.middleware);
  return async (ctx, next) => {
    const { path } = ctx;
    if (!path.startsWith(`${prefix}/`)) return next();
    ctx.path = path.slice(prefix.length);
    const restored = async () => {
      ctx.path = path;
      await next();
      ctx.path = path.slice(prefix.length);
    };
    await inner(ctx, restored);
    ctx.path = path;
  };
}

// The middleware from the README.
const guarding = (guard) => async (ctx, next) => {
  if (await guard.admit(ctx.req, ctx.res, ctx.originalUrl)) return next();
  ctx.respond = false;
};

test('a guard in a mounted Koa application verifies the complete path', async () => {
  const inner = new Koa();
  inner.use(guarding(hmacAuth(configured({ senders: { agent: { pathPrefixes: ['/a'] } } }))));
  inner.use(async (ctx) => {
    ctx.body = `${ctx.req.sealwire?.sender} ${ctx.path}`;
  });
  const outer = new Koa().use(mount('/inner', inner));
  await serving(outer.callback(), async (origin) => {
    const accepted = await send(origin, signed('message', { path: '/inner/a?b=1' }));
    assert.deepEqual([accepted.status, accepted.text], [200, 'agent /a']);
    // A request that was signed for another path must not be accepted below the mount.
    const moved = { ...signed('message', { path: '/a' }), path: '/inner/a' };
    assert.equal((await send(origin, moved)).status, 401);
    // Path rules and exempt paths are relative to the mount.
    assert.equal((await send(origin, signed('message', { path: '/inner/other' }))).status, 401);
    assert.equal((await send(origin, { path: '/inner/open/x' })).text, 'undefined /open/x');
    assert.equal((await send(origin, { path: '/inner/open/../x' })).status, 401);
  });
});

test('a guard in a Koa application that is not mounted verifies the path', async () => {
  const app = new Koa().use(guarding(hmacAuth(configured())));
  app.use(async (ctx) => {
    ctx.body = ctx.req.sealwire?.sender;
  });
  await serving(app.callback(), async (origin) => {
    assert.equal((await send(origin, signed('message', { path: '/a' }))).text, 'agent');
    assert.equal((await send(origin, { path: '/a' })).status, 401);
  });
});

test('Hono: a guard in an application that route() adds verifies the complete path', async () => {
  const inner = new Hono();
  inner.use(webAuth(configured()).hono);
  inner.all('*', (c) => c.text(c.get('sealwire')?.sender));
  const outer = new Hono().route('/inner', inner);
  assert.equal((await ask(outer, '/inner/a')).status, 200);
  assert.equal((await ask(outer, '/inner/a', '/a')).status, 401);
});

test('Hono: the guard of the outer application also applies to an application that mount() adds', async () => {
  const outer = new Hono();
  outer.use(webAuth(configured()).hono);
  outer.mount('/inner', () => new Response('mounted'));
  assert.equal(await (await ask(outer, '/inner/a')).text(), 'mounted');
  assert.equal((await ask(outer, '/inner/a', '/a')).status, 401);
});

// Sends a request to `path` with a signature for `signedPath`.
function ask(app, path, signedPath = path) {
  const headers = SIGNERS.message.sign({ method: 'GET', url: `http://practices.test${signedPath}` });
  return app.fetch(new Request(`http://practices.test${path}`, { headers }));
}
