// Tests requests whose path h3 and the Node.js middleware behind it interpret differently. The guard must not exempt
// such a request, and no path rule may accept it.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import express from 'express';
import * as one from 'h3';
import * as two from 'h3v2';
import { fromNodeHandler, toNodeHandler } from 'h3v2/node';
import sealwire from '../../index.js';
import { defineVerifiedEventHandler, hmacAuthMiddleware } from '../../h3.js';
import serve from '../support/serve.js';

const { KeyRing, ReplayTable, Signer } = sealwire;
const { send, serving } = serve;

const KEYS = new KeyRing({
  pairs: { 'agent/practices': 'dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==' },
});
const SIGNER = new Signer({ name: 'agent', keys: KEYS, receiver: 'practices' });
const configured = (more) => ({
  service: 'practices',
  keys: KEYS,
  schemes: ['message'],
  authorities: 'any',
  replay: ReplayTable.heap({ acceptOlder: true }),
  ...more,
});

const folder = mkdtempSync(path.join(os.tmpdir(), 'sealwire-h3-'));
mkdirSync(path.join(folder, 'public'));
writeFileSync(path.join(folder, 'secret.txt'), 'secret');
writeFileSync(path.join(folder, 'public', 'x'), 'public');
after(() => rmSync(folder, { recursive: true, force: true }));

const signedHeaders = (target) =>
  SIGNER.sign({ method: 'GET', url: target, authority: 'practices.test', scheme: 'http' });

async function ask(origin, target, { signs = false } = {}) {
  const headers = { Host: 'practices.test', ...(signs && signedHeaders(target)) };
  const { status, text } = await send(origin, { path: target, headers });
  return [status, text];
}

// The files of a folder. h3 1 passes the raw `req.url` to this middleware.
const files = () => one.fromNodeMiddleware(express.static(folder));

const H3_1 = {
  'a middleware before the files': (config) => {
    const app = one.createApp();
    app.use(hmacAuthMiddleware(config));
    app.use(files());
    return one.toNodeListener(app);
  },
  'a handler that contains the files': (config) => {
    const app = one.createApp();
    app.use(defineVerifiedEventHandler(config, files()));
    return one.toNodeListener(app);
  },
  'a route of a router': (config) => {
    const router = one.createRouter();
    router.use('/**', defineVerifiedEventHandler(config, files()));
    return one.toNodeListener(one.createApp().use(router));
  },
};

// Targets whose decoded path ends at a `?`, so that h3 1 does not see the rest of the path.
const HIDDEN = [
  'x%3f/../../secret.txt',
  'x%3F/..%2f../secret.txt',
  '%3f/../../secret.txt',
  'x%23/../../secret.txt',
];

for (const [name, listener] of Object.entries(H3_1)) {
  describe(`h3 1, ${name}`, () => {
    test('a path outside the exempt paths is not exempt, even if its decoded form is', async () => {
      await serving(listener(configured({ exemptPaths: ['/public/*'] })), async (origin) => {
        assert.deepEqual(await ask(origin, '/public/x'), [200, 'public']);
        assert.deepEqual(await ask(origin, '/public/x?a=/../../secret.txt'), [200, 'public']);
        for (const hidden of HIDDEN) {
          for (const start of ['/public/', '/%70ublic/', '//public/']) {
            const [status, text] = await ask(origin, start + hidden);
            assert.deepEqual([status, text.includes('secret')], [401, false], start + hidden);
          }
        }
      });
    });

    test('a sender with path rules cannot call a path outside them', async () => {
      const senders = { agent: { pathPrefixes: ['/public'] } };
      await serving(listener(configured({ senders })), async (origin) => {
        assert.deepEqual(await ask(origin, '/public/x', { signs: true }), [200, 'public']);
        for (const target of [...HIDDEN.map((hidden) => `/public/${hidden}`), '/public%3f/../secret.txt']) {
          assert.equal((await ask(origin, target, { signs: true }))[0], 401, target);
        }
      });
    });

    test('a local health check has the raw path /health', async () => {
      await serving(listener(configured()), async (origin) => {
        assert.equal((await ask(origin, '/health'))[0], 404); // accepted, but there is no such file
        assert.equal((await ask(origin, '/health%3f/../secret.txt'))[0], 401);
      });
    });
  });
}

test('with h3 1, a path rule applies to a path with codes that do not change its meaning', async () => {
  const app = one.createApp();
  const senders = { agent: { pathPrefixes: ['/api'] } };
  app.use(hmacAuthMiddleware(configured({ senders, exemptPaths: ['/open/*'] })));
  app.use(one.eventHandler((event) => event.path));
  await serving(one.toNodeListener(app), async (origin) => {
    assert.deepEqual(await ask(origin, '/api/a%40b%3Ac', { signs: true }), [200, '/api/a@b:c']);
    assert.deepEqual(await ask(origin, '/api/a%20b', { signs: true }), [200, '/api/a b']);
    assert.deepEqual(await ask(origin, '/open/a%40b'), [200, '/open/a@b']);
    assert.equal((await ask(origin, '/%61pi/a', { signs: true }))[0], 401);
  });
});

test('with h3 1, a signer whose key is looked up must also comply with the path rules', async () => {
  const app = one.createApp();
  const secret = 'a client secret of more than thirty-two bytes';
  const config = {
    lookUpKeys: async () => ({ clients: { cli: secret } }),
    senders: { cli: { pathPrefixes: ['/public'] } },
    replay: ReplayTable.heap({ acceptOlder: true }),
  };
  app.use(hmacAuthMiddleware(config));
  app.use(files());
  const signer = new Signer({
    name: 'cli',
    keys: new KeyRing({ clients: { cli: secret } }),
    schemes: ['client'],
  });
  await serving(one.toNodeListener(app), async (origin) => {
    for (const [target, status] of [
      ['/public%3f/../secret.txt', 401],
      ['/public/x', 200],
      ['/public/x%3f/../../secret.txt', 401],
    ]) {
      const headers = signer.sign({ method: 'GET', url: target });
      assert.equal((await send(origin, { path: target, headers })).status, status, target);
    }
  });
});

test('with h3 1, a response is unsigned only if the raw path is in unsignedResponsePaths', async () => {
  const app = one.createApp();
  app.use(hmacAuthMiddleware(configured({ signResponses: true, unsignedResponsePaths: ['/public/*'] })));
  app.use(files());
  await serving(one.toNodeListener(app), async (origin) => {
    for (const [target, isSigned] of [
      ['/public/x', false],
      ['/%70ublic/x', true],
    ]) {
      const response = await fetch(origin + target, {
        headers: SIGNER.sign({ method: 'GET', url: origin + target }),
      });
      assert.deepEqual([response.status, response.headers.has('signature')], [200, isSigned], target);
    }
  });
});

// In h3 2, Node.js middleware also uses the raw path.
const legacy = () => {
  const app = express();
  app.use('/admin', (req, res) => res.send('admin'));
  app.use((req, res) => res.send(`other ${req.originalUrl}`));
  return fromNodeHandler(app);
};

const DOTTED = [
  '/admin/../public/x',
  '/admin/%2e%2e/public/x',
  '/admin/.%2E/public/x',
  '/x/../../public/x',
  '/./public/x',
];

test('with h3 2, a path that becomes exempt when it is normalised is not exempt', async () => {
  const app = new two.H3();
  app.use(hmacAuthMiddleware(configured({ exemptPaths: ['/public/*'] })));
  app.all('/**', legacy());
  await serving(toNodeHandler(app), async (origin) => {
    assert.deepEqual(await ask(origin, '/public/x'), [200, 'other /public/x']);
    for (const target of DOTTED) assert.equal((await ask(origin, target))[0], 401, target);
  });
});

test('with h3 2, a path rule does not allow a path that matches when it is normalised', async () => {
  const app = new two.H3();
  app.use(hmacAuthMiddleware(configured({ senders: { agent: { pathPrefixes: ['/public'] } } })));
  app.all('/**', legacy());
  await serving(toNodeHandler(app), async (origin) => {
    assert.equal((await ask(origin, '/public/x', { signs: true }))[0], 200);
    for (const target of DOTTED) assert.equal((await ask(origin, target, { signs: true }))[0], 401, target);
  });
});

test('with h3 2, exempt paths are relative to the mount path', async () => {
  const inner = new two.H3();
  inner.use(hmacAuthMiddleware(configured({ exemptPaths: ['/public/*'] })));
  inner.all('/**', () => 'inner');
  for (const mount of ['/api', '/api@v1/b', '/my%20api']) {
    const outer = new two.H3();
    outer.mount(mount, inner);
    await serving(toNodeHandler(outer), async (origin) => {
      assert.deepEqual(await ask(origin, `${mount}/public/x`), [200, 'inner'], mount);
      assert.equal((await ask(origin, `${mount}/x`))[0], 401, mount);
      assert.equal((await ask(origin, `${mount}/admin/../public/x`))[0], 401, mount);
      assert.equal((await ask(origin, `/public/..${mount}/public/x`))[0], 401, mount);
    });
  }
});
