// Tests of the build for edge runtimes, which run in Node.js. `make edge` tests the build in workerd, Bun and Deno.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';

const require = createRequire(import.meta.url);
const addon = require('..');
const dist = new URL('../edge/dist/', import.meta.url);
const isBuilt = existsSync(dist);

// The maximum size of the compressed WebAssembly module, which every isolate loads. The module is larger if it is built with
// Rust's prebuilt standard library, because this library contains panic messages.
const MAX_KB_GZIPPED = 143;
const MAX_KB_WITH_PANICS = 175;
const SECRET = 'a secret of more than thirty-two bytes, for tests only';
const CLIENTS = { clients: { gateway: SECRET } };
const PAIRS = { pairs: { 'agent/practices': Buffer.from(SECRET).toString('base64') } };
const STORE = { claim: async () => true };
const REQUEST = { method: 'POST', url: 'https://practices.test/items?id=1', body: '{"a":1}' };

describe(
  'the build for edge runtimes',
  { skip: !isBuilt && 'scripts/build-edge has not built it' },
  async () => {
    const edge = isBuilt ? await import(new URL('standalone/edge.mjs', dist)) : {};
    const { objectCount } = isBuilt ? await import(new URL('standalone/internals.mjs', dist)) : {};

    const pairOf = ({ KeyRing, Signer, Verifier }, replay) => {
      const keys = new KeyRing(PAIRS);
      return {
        signer: new Signer({ name: 'agent', keys, receiver: 'practices' }),
        verifier: new Verifier({ service: 'practices', keys, replay }),
      };
    };
    const received = (headers) => ({
      ...REQUEST,
      url: '/items?id=1',
      headers: { ...headers, Host: 'practices.test' },
    });

    test('the WebAssembly module is not too large', () => {
      const module = readFileSync(new URL('wasm/sealwire.wasm', dist));
      const size = gzipSync(module, { level: 9 }).length / 1000;
      const limit = module.includes('panicked at') ? MAX_KB_WITH_PANICS : MAX_KB_GZIPPED;
      assert.ok(size < limit, `${size} KB`);
      assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(module)), []);
    });

    test('exports the same names as the Node.js package', () => {
      const names = ['.', './web', './h3'].flatMap((name) =>
        Object.keys(require(`..${name.slice(1)}${name === '.' ? '' : '.js'}`)),
      );
      const clients = ['sendToServer', 'serviceToService', 'signedFetch'];
      assert.deepEqual(Object.keys(edge).sort(), [...names, ...clients].sort());
    });

    test('package.json has the conditions that select the edge build, before the conditions for the addon', () => {
      const { exports } = require('../package.json');
      for (const name of ['.', './h3', './web', './fetch']) {
        const conditions = Object.keys(exports[name]);
        assert.deepEqual(conditions, ['types', 'workerd', 'edge-light', 'node', 'worker', 'default']);
        for (const condition of ['workerd', 'edge-light', 'worker']) {
          assert.ok(existsSync(new URL(`../${exports[name][condition]}`, import.meta.url)));
        }
      }
    });

    test('uses the setting clock to sign and to verify', () => {
      const keys = new edge.KeyRing(PAIRS);
      let now = 1_900_000_000_000;
      const clock = () => now;
      const settings = { service: 'practices', keys, clock };
      const signer = new edge.Signer({ name: 'agent', keys, receiver: 'practices', clock });
      const replay = edge.ReplayTable.heap();
      const verifier = new edge.Verifier({ ...settings, replay });
      const request = received(signer.sign(REQUEST));
      assert.equal(verifier.verify(request).ageMs, 0);
      assert.throws(() => verifier.verify(request), { code: 'replayed' });
      replay.clear();
      assert.equal(verifier.verify(request).ageMs, 0);
      now = Math.floor(now / 1000);
      replay.clear();
      assert.throws(() => verifier.verify(request), { code: 'stale_timestamp', ageMs: undefined });
      assert.throws(() => signer.sign(REQUEST), { code: 'SEALWIRE_SIGN', message: /^clock: it returned/ });
      assert.throws(() => new edge.Verifier({ ...settings, replay: STORE }), {
        code: 'SEALWIRE_CONFIG',
        message: /^clock: .*replay/,
      });
    });

    for (const [from, to] of [
      ['edge', 'addon'],
      ['addon', 'edge'],
    ]) {
      test(`the ${to} verifies requests and responses of the ${from}`, () => {
        const [one, other] = from === 'edge' ? [edge, addon] : [addon, edge];
        const { signer } = pairOf(one, from === 'edge' ? 'isolate' : 'heap');
        const { verifier } = pairOf(other, to === 'edge' ? 'isolate' : 'heap');
        const headers = signer.sign(REQUEST);
        const request = received(headers);
        const identity = verifier.verify(request);
        assert.equal(identity.sender, 'agent');
        assert.throws(() => verifier.verify(request), { code: 'replayed' });
        assert.throws(() => verifier.verify({ ...request, body: '{}' }), { code: 'body_digest_mismatch' });
        const response = { status: 200, body: 'done' };
        const signed = verifier.signResponse(request, identity, response);
        const sent = { ...REQUEST, headers };
        assert.equal(signer.verifyResponse(sent, { ...response, headers: signed }).keyVersion, 1);
      });
    }

    test('requires the setting replay', () => {
      const keys = new edge.KeyRing(CLIENTS);
      const settings = { keys, schemes: ['client'] };
      for (const replay of [undefined, 'heap']) {
        assert.throws(() => new edge.Verifier({ ...settings, replay }), {
          code: 'SEALWIRE_CONFIG',
          message: /Durable Object or Redis over HTTP; or 'isolate'/,
        });
      }
      const pairs = new edge.KeyRing(PAIRS);
      new edge.Verifier({ service: 'practices', keys: pairs, schemes: ['pairwise'] });
      assert.throws(
        () =>
          new addon.Verifier({ keys: new addon.KeyRing(CLIENTS), schemes: ['client'], replay: 'isolate' }),
        {
          code: 'SEALWIRE_CONFIG',
        },
      );
    });

    test('passes the key and its expiry to the store', async () => {
      const claims = [];
      const store = { claim: async (...claim) => claims.push(claim) === 1 };
      const { signer, verifier } = pairOf(edge, store);
      const request = received(signer.sign(REQUEST));
      await verifier.verifyAsync(request);
      await assert.rejects(verifier.verifyAsync(request), { code: 'replayed' });
      assert.match(claims[0][0], /^[0-9a-f]{64}$/);
      assert.ok(claims[0][1] > Date.now());
      const silent = pairOf(edge, { claim: () => Promise.reject(new Error('no answer')) });
      const failed = silent.verifier.verifyAsync(received(silent.signer.sign(REQUEST)));
      await assert.rejects(failed, { code: 'replay_store_unavailable', status: 503 });
    });

    test('rejects the same settings as the Node.js package', () => {
      const outcome = ({ KeyRing, Signer, Verifier }, make) => {
        try {
          return make({ KeyRing, Signer, Verifier });
        } catch ({ code, message }) {
          return { code, message };
        }
      };
      const wrong = [
        ({ KeyRing }) => new KeyRing({ clients: { a: 'short' } }),
        ({ KeyRing }) => new KeyRing({ client: {} }),
        ({ KeyRing }) => new KeyRing({ clients: { a: { primary: 2, versions: { 1: SECRET } } } }),
        ({ KeyRing }) => new KeyRing({ pairs: { 'a/b': 'not base64' } }),
        ({ KeyRing }) => new KeyRing({ env: { HMAC_SECRET_A_B: '%' }, service: 'a' }),
        ({ KeyRing, Signer }) => new Signer({ name: 'no name!', keys: new KeyRing(CLIENTS) }),
        ({ KeyRing, Signer }) => new Signer({ name: 'a', keys: new KeyRing(CLIENTS), schemes: ['cliente'] }),
        ...[
          { pastMs: -1 },
          { pastMs: NaN },
          { maxSenderShare: Infinity },
          { maxBodyBytes: 0.5 },
          { senders: { gateway: { mode: 'enforced' } } },
          { senders: { gateway: { methodes: [] } } },
          { service: 7 },
          { exemptPaths: ['health'] },
          { requireFields: ['a b'] },
          { authorities: ['a', 'a'] },
          { '\ud800': 1 },
        ].map(
          (settings) =>
            ({ KeyRing, Verifier }) =>
              new Verifier({ keys: new KeyRing(CLIENTS), schemes: ['client'], replay: STORE, ...settings }),
        ),
      ];
      for (const make of wrong) {
        const [here, there] = [outcome(edge, make), outcome(addon, make)];
        assert.match(here.code, /^SEALWIRE_/);
        assert.deepEqual(here, there);
      }
    });

    test('frees the objects of finished and abandoned requests', async () => {
      const { signer } = pairOf(edge, 'isolate');
      const gate = edge.hmacAuth({ ...verifierSettings(edge), replay: STORE });
      const send = (body) =>
        gate(
          new Request('https://practices.test/items', {
            method: 'POST',
            headers: signer.sign({ ...REQUEST, url: 'https://practices.test/items' }),
            body,
            duplex: 'half',
          }),
          () => new Response('done'),
        );
      assert.equal((await send(REQUEST.body)).status, 200);
      const before = objectCount();
      const broken = () => new ReadableStream({ start: (controller) => controller.error(new Error('gone')) });
      for (let sent = 0; sent < 20; sent++) {
        assert.equal((await send(REQUEST.body)).status, 200);
        assert.equal((await send('{"a":2}')).status, 401);
        assert.equal((await send(broken())).status, 400);
      }
      assert.equal(objectCount(), before);
    });

    const verifierSettings = ({ KeyRing }) => ({
      service: 'practices',
      keys: new KeyRing(PAIRS),
      schemes: ['message'],
    });

    test('reports characters beyond latin-1 in a head', () => {
      const { signer, verifier } = pairOf(edge, 'isolate');
      assert.throws(() => signer.sign({ ...REQUEST, headers: { 'x-a': '☃' } }), { code: 'SEALWIRE_CONFIG' });
      assert.throws(() => verifier.verify({ ...received({}), method: '☃' }), { code: 'SEALWIRE_CONFIG' });
      assert.ok(signer.sign({ ...REQUEST, url: 'https://practices.test/☃' }).Signature);
      assert.ok(signer.sign({ ...REQUEST, headers: { 'x-a': 'é' } }).Signature);
    });

    test('issues and verifies connection strings', () => {
      const keys = new edge.KeyRing({ issuer: SECRET });
      const account = '0192a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';
      const roles = [{ name: 'admin', write: true }];
      const expires = Date.now() + 60_000;
      const token = edge.ConnectionString.issue(keys, { account, expires, roles });
      const read = addon.ConnectionString.verify(new addon.KeyRing({ issuer: SECRET }), token);
      assert.deepEqual(edge.ConnectionString.verify(keys, token).toJSON(), read.toJSON());
      assert.throws(() => edge.ConnectionString.issue(keys, { account: 'x', expires }), {
        code: 'SEALWIRE_TOKEN',
      });
    });

    test('does not call functions at load time that Workers forbid in the global scope', () => {
      const forbid = `
      const forbidden = () => { throw new Error('forbidden in the global scope') };
      for (const name of ['Response', 'Request', 'fetch', 'setTimeout', 'setInterval', 'ReadableStream'])
        Object.defineProperty(globalThis, name, { value: forbidden });
      crypto.getRandomValues = crypto.randomUUID = forbidden;
      await import(${JSON.stringify(new URL('standalone/edge.mjs', dist).href)});`;
      execFileSync(process.execPath, ['--input-type=module', '--eval', forbid]);
    });

    test('requests random bytes only at the first use', () => {
      const { getRandomValues } = crypto;
      crypto.getRandomValues = () => assert.fail('a module may not draw random bytes while it loads');
      try {
        const { signer } = pairOf(edge, 'isolate');
        edge.discardNonces();
        assert.throws(() => signer.sign(REQUEST), /may not draw/);
      } finally {
        crypto.getRandomValues = getRandomValues;
      }
    });
  },
);
