// Tests for the replay store in examples/redis-http, which calls an HTTP service in front of a real Redis server.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { KeyRing, Signer, Verifier } from '../../bindings-node/edge/dist/standalone/edge.mjs';
import { redisHttpStore } from '../../examples/redis-http/store.mjs';
import { serving, TOKEN } from './redis_http.mjs';

const require = createRequire(import.meta.url);
const { checkStore } = require('../../bindings-node/testing.js');
const { freePort } = require('../../bindings-node/test/support/ports.js');
const { withRedis } = require('../../bindings-node/test/support/redis.js');

const SECRET = 'a secret of more than thirty-two bytes, for tests only';
const KEY = 'a'.repeat(64);
const soon = () => Date.now() + 1000;

test('the store keeps the contract of stores', () =>
  withRedis(async (port) => {
    const closed = `http://127.0.0.1:${await freePort()}`;
    await serving(port, (url) =>
      checkStore(() => redisHttpStore({ url, token: TOKEN }), {
        broken: () => redisHttpStore({ url: closed, token: TOKEN }),
      }),
    );
  }));

test('the edge build accepts a request once in all isolates', () =>
  withRedis((port) =>
    serving(port, async (url) => {
      const keys = new KeyRing({ clients: { gateway: SECRET } });
      const signer = new Signer({ name: 'gateway', keys, schemes: ['client'] });
      const isolate = () =>
        new Verifier({ keys, schemes: ['client'], replay: redisHttpStore({ url, token: TOKEN }) });
      const request = { method: 'GET', url: '/items' };
      const headers = signer.sign(request);
      assert.equal((await isolate().verifyAsync({ ...request, headers })).sender, 'gateway');
      await assert.rejects(isolate().verifyAsync({ ...request, headers }), { code: 'replayed', status: 401 });
      const stopped = redisHttpStore({ url, token: 'another token' });
      const verifier = new Verifier({ keys, schemes: ['client'], replay: stopped });
      await assert.rejects(verifier.verifyAsync({ ...request, headers: signer.sign(request) }), {
        code: 'replay_store_unavailable',
        status: 503,
      });
    }),
  ));

test('a claim expires in Redis with the margin', () =>
  withRedis((port) =>
    serving(
      port,
      async (url) => {
        await redisHttpStore({ url, token: TOKEN }).claim(KEY, Date.now() + 10_000);
      },
      () => (command) => {
        assert.deepEqual(command.slice(0, 5), ['SET', `sealwire:replay:${KEY}`, '1', 'NX', 'PX']);
        assert.ok(Number(command[5]) > 14_000 && Number(command[5]) <= 15_000, command[5]);
        return [200, { result: 'OK' }];
      },
    ),
  ));

// After any of these responses, the store cannot know whether the key was claimed, so it must reject the
// request.
for (const [name, response, rule] of [
  ['an error of Redis', [400, { error: 'OOM command not allowed' }], /status 400/],
  ['an error with status 200', [200, { error: 'READONLY' }], /READONLY/],
  ['no result', [200, {}], /no result/],
  ['an empty list', [200, []], /no result/],
  ['another result', [200, { result: 'QUEUED' }], /no result/],
  ['a boolean', [200, { result: false }], /no result/],
  ['a server error', [500, { result: 'OK' }], /status 500/],
  ['a rejected token', [401, { result: null }], /status 401/],
  ['nothing in time', undefined, /timeout/],
]) {
  test(`the store rejects after ${name}`, () =>
    withRedis((port) =>
      serving(
        port,
        (url) =>
          assert.rejects(redisHttpStore({ url, token: TOKEN, timeoutMs: 200 }).claim(KEY, soon()), rule),
        () => async () => response,
      ),
    ));
}
