// Tests that undici sends each request with a new signature.

import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import * as undici from 'undici';
import { KeyRing, Signer } from '../../index.js';
import { signedDispatcher, signingInterceptor } from '../../fetch.js';
import { AGENT, CREDENTIALS, withServers } from '../support/client-server.mjs';

const { Agent, Client, interceptors, Pool } = undici;
const text = async ({ body }) => body.text();
const retry = () => interceptors.retry({ minTimeout: 1, maxTimeout: 1, methods: ['GET', 'POST'] });

async function requested(dispatcher, options) {
  try {
    return await text(await dispatcher.request({ method: 'GET', ...options }));
  } finally {
    await dispatcher.close();
  }
}

for (const Dispatcher of [Client, Pool]) {
  test(`a ${Dispatcher.name} signs for its own origin`, async () => {
    await withServers(async (origin) => {
      for (const [path, credentials, expected] of [
        ['/x?y=1', CREDENTIALS, 'in /x?y=1'],
        ['/signed', AGENT, 'agent '],
      ]) {
        const options = { path };
        const composed = new Dispatcher(origin).compose(signingInterceptor(credentials));
        assert.equal(await requested(composed, options), expected);
        assert.equal(
          await requested(signedDispatcher(new Dispatcher(origin), credentials), options),
          expected,
        );
      }
    });
  });

  test(`a ${Dispatcher.name} signs only for its first origin`, async () => {
    await withServers(async (origin, other) => {
      const dispatcher = new Dispatcher(origin).compose(signingInterceptor(AGENT));
      const send = (options) => dispatcher.request({ method: 'GET', path: '/signed', ...options }).then(text);
      assert.equal(await send(), 'agent ');
      assert.equal(await send(), 'agent ');
      assert.equal(await send({ origin }), 'agent ');
      await assert.rejects(send({ origin: other }), { code: 'SEALWIRE_SIGN' });
      await dispatcher.close();
    });
  });

  test(`a ${Dispatcher.name} without a key sends nothing`, async () => {
    await withServers(async (origin) => {
      const keys = new KeyRing({ pairs: { 'agent/practices': Buffer.alloc(32, 'agent and practices') } });
      const signer = new Signer({ name: 'agent', keys, receiver: 'practices' });
      const dispatcher = new Dispatcher(origin).compose(signingInterceptor(signer));
      keys.replace({});
      await assert.rejects(requested(dispatcher, { path: '/x' }), { code: 'SEALWIRE_SIGN' });
    });
  });
}

test('a receiver without a key is an error when the interceptor is created', () => {
  assert.throws(() => signingInterceptor(AGENT, { receiver: 'practises' }), {
    code: 'SEALWIRE_CONFIG',
    message: /^receiver: no key for the pair of agent and practises; did you mean practices\?$/,
  });
});

test('signs the path and the query as undici sends them', async () => {
  await withServers(async (origin) => {
    for (const [options, sent] of [
      [{ path: '/x', query: { name: "O'Brien", a: [1, 2], empty: '' } }, "/x?name=O'Brien&a=1&a=2&empty="],
      [{ path: '//foo/bar' }, '//foo/bar'],
      [{ path: '/a/../b?c' }, '/a/../b?c'],
      [{ path: '/x?' }, '/x?'],
    ]) {
      const dispatcher = new Pool(origin).compose(signingInterceptor(CREDENTIALS));
      assert.equal(await requested(dispatcher, options), `in ${sent}`);
    }
    const dispatcher = new Agent().compose(signingInterceptor(CREDENTIALS, { origins: [origin] }));
    const response = await undici.request(`${origin}/a b`, { query: { q: 'x y' }, dispatcher });
    assert.equal(await text(response), 'in /a%20b?q=x%20y');
    assert.equal(await (await undici.fetch(`${origin}/a b?c`, { dispatcher })).text(), 'in /a%20b?c');
    await dispatcher.close();
  });
});

test('an Agent requires origins, because it cannot distinguish redirects from new requests', async () => {
  await withServers(async (origin, other) => {
    const unnamed = new Agent().compose(signingInterceptor(CREDENTIALS));
    await assert.rejects(
      requested(unnamed, { origin, path: '/x' }),
      /origins: \['https:\/\/iam\.internal'\]/,
    );
    assert.throws(() => signedDispatcher(new Agent(), CREDENTIALS), /set the origins/);
    const named = new Agent().compose(signingInterceptor(CREDENTIALS, { origins: [origin] }));
    await assert.rejects(undici.request(`${other}/x`, { dispatcher: named }), { code: 'SEALWIRE_SIGN' });
    await named.close();
  });
});

for (const [name, compose] of [
  ['sign, redirect', (sign, redirect) => [sign, redirect]],
  ['redirect, sign', (sign, redirect) => [redirect, sign]],
]) {
  test(`compose(${name}) sends no signature to another origin`, async () => {
    await withServers(async (origin, _other, elsewhere) => {
      for (const credentials of [CREDENTIALS, AGENT]) {
        const sign = signingInterceptor(credentials, { origins: [origin] });
        const redirect = interceptors.redirect({ maxRedirections: 2 });
        const dispatcher = new Agent().compose(compose(sign, redirect));
        await assert.rejects(undici.request(`${origin}/away`, { dispatcher }), { code: 'SEALWIRE_SIGN' });
        await dispatcher.close();
      }
      assert.deepEqual(elsewhere, []);
    });
  });
}

test('undici.fetch follows a redirect on the origin, and none to another', async () => {
  await withServers(async (origin, other, elsewhere) => {
    const dispatcher = signedDispatcher(new Agent(), CREDENTIALS, { origins: [origin] });
    const moved = await undici.fetch(`${origin}/moved`, { dispatcher, method: 'POST', body: 'z' });
    assert.equal(await moved.text(), 'in /elsewhere');
    await assert.rejects(undici.fetch(`${origin}/away`, { dispatcher }), ({ cause }) => {
      return cause.code === 'SEALWIRE_SIGN' && [origin, other].every((each) => cause.message.includes(each));
    });
    assert.deepEqual(elsewhere, []);
    await dispatcher.close();
  });
});

for (const [name, compose] of [
  ['sign, retry', (sign) => [sign, retry()]],
  ['retry, sign', (sign) => [retry(), sign]],
]) {
  test(`compose(${name}) gives every attempt its own nonce`, async () => {
    await withServers(async (origin) => {
      const dispatcher = new Pool(origin).compose(compose(signingInterceptor(AGENT, { origins: [origin] })));
      const options = { method: 'POST', path: `/signed?flaky=${name}`.replaceAll(' ', ''), body: 'z' };
      assert.equal(await requested(dispatcher, options), 'agent z');
    });
  });
}

test('signedDispatcher must be the innermost interceptor', () => {
  const composed = new Pool('http://a.test').compose(retry());
  assert.throws(() => signedDispatcher(composed, AGENT), {
    code: 'SEALWIRE_CONFIG',
    message: /interceptors/,
  });
  const agent = new undici.RetryAgent(new Agent());
  assert.throws(() => signedDispatcher(agent, AGENT, { origins: ['http://a.test'] }), /interceptors/);
  assert.throws(() => signedDispatcher({}, AGENT), /new Agent\(\)/);
});

test('signs all kinds of readable bodies, and rejects streams', async () => {
  await withServers(async (origin) => {
    const dispatcher = signedDispatcher(new Pool(origin), AGENT);
    const send = (body) => dispatcher.request({ method: 'POST', path: '/signed', body }).then(text);
    const form = new undici.FormData();
    form.append('a', new Blob(['inside']), 'f');
    for (const [body, expected] of [
      ['z', /^agent z$/],
      [Buffer.from('z'), /^agent z$/],
      [new Uint8Array([122]).buffer, /^agent z$/],
      [new Blob(['z']), /^agent z$/],
      [
        (async function* () {
          yield 'z';
          yield Buffer.from('y');
        })(),
        /^agent zy$/,
      ],
      [form, /^agent [^]*inside/],
      [null, /^agent $/],
    ]) {
      assert.match(await send(body), expected);
    }
    for (const stream of [new Blob(['z']).stream(), Readable.from(['z'])]) {
      await assert.rejects(send(stream), ({ code, message }) => {
        return code === 'SEALWIRE_SIGN' && /Read it first/.test(message) && !/scheme/.test(message);
      });
    }
    const body = (
      await undici.fetch(`${origin}/signed`, { dispatcher, method: 'POST', body: 'text' })
    ).text();
    assert.equal(await body, 'agent text');
    await dispatcher.close();
  });
});

test('a Host header that differs from the URL is an error', async () => {
  await withServers(async (origin) => {
    const send = (host) =>
      requested(signedDispatcher(new Pool(origin), AGENT), { path: '/signed', headers: { host } });
    await assert.rejects(send('elsewhere.test'), { code: 'SEALWIRE_SIGN', message: /elsewhere\.test/ });
    assert.equal(await send(new URL(origin).host), 'agent ');
  });
});
