// Tests that signedFetch passes all options to `fetch`, and sends signatures only to allowed origins.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agent } from 'undici';
import { signedFetch } from '../../fetch.js';
import fetchedTarget from '../../lib/clients/fetched-target.js';
import { AGENT, CREDENTIALS, withServers } from '../support/client-server.mjs';

const text = async (response) => (await response).text();

// Returns a dispatcher that records its requests.
function counting() {
  const agent = new Agent();
  const seen = [];
  const dispatcher = agent.compose((dispatch) => (options, handler) => {
    seen.push(options.path);
    return dispatch(options, handler);
  });
  return { dispatcher, seen, close: () => agent.close() };
}

for (const [name, credentials] of Object.entries({ client: CREDENTIALS, message: AGENT })) {
  test(`${name}: keeps the dispatcher of an init and of a Request for redirects`, async () => {
    await withServers(async (origin) => {
      const { dispatcher, seen, close } = counting();
      const send = signedFetch(credentials);
      await text(send(`${origin}/signed/a`, { dispatcher }));
      await text(send(new Request(`${origin}/signed/b`, { dispatcher })));
      await text(send(`${origin}/moved`, { dispatcher, method: 'POST', body: 'z' }));
      assert.deepEqual(seen, ['/signed/a', '/signed/b', '/moved', '/elsewhere']);
      await close();
    });
  });

  test(`${name}: does not follow a redirect to another origin`, async () => {
    await withServers(async (origin, other, elsewhere) => {
      const send = signedFetch(credentials);
      const init = { method: 'POST', body: 'z', headers: { 'X-User-ID': 'u' } };
      for (const input of [`${origin}/away`, new URL('/away', origin), new Request(`${origin}/away`)]) {
        await assert.rejects(send(input, init), ({ code, message }) => {
          return code === 'SEALWIRE_SIGN' && message.includes(origin) && message.includes(other);
        });
      }
      assert.deepEqual(elsewhere, []);
    });
  });
}

test('passes options that are not part of a Request to a custom fetch', async () => {
  const calls = [];
  const send = signedFetch(CREDENTIALS, {
    fetch: async (request, extras) => {
      calls.push([request.headers.has('X-Signature'), request.redirect, extras]);
      return new Response('made up');
    },
  });
  await send('http://a.test/', { proxy: 'http://proxy.test', keepalive: false });
  await send('http://a.test/');
  assert.deepEqual(calls, [
    [true, 'manual', { proxy: 'http://proxy.test' }],
    [true, 'manual', undefined],
  ]);
});

test('base resolves relative URLs, and its origin is the allowed origin', async () => {
  await withServers(async (origin, other) => {
    const send = signedFetch(CREDENTIALS, { base: `${origin}/v1/` });
    assert.equal(await text(send('users?q')), 'in /v1/users?q');
    for (const url of [`${other}/x`, `//${new URL(other).host}/x`]) {
      await assert.rejects(send(url), { code: 'SEALWIRE_SIGN' });
    }
    await assert.rejects(signedFetch(CREDENTIALS)('/relative'), TypeError);
  });
});

test('origins are exact: scheme, host and port', async () => {
  const send = signedFetch(CREDENTIALS, { origins: ['https://iam.test', 'http://iam.test:8080'] });
  for (const url of [
    'http://iam.test/',
    'https://iam.test:8443/',
    'https://iam.test.evil.test/',
    'https://x@evil/',
  ]) {
    await assert.rejects(
      send(url),
      (error) => error.code === 'SEALWIRE_SIGN' || error instanceof TypeError,
      url,
    );
  }
  for (const origins of [
    [],
    'https://iam.test',
    ['iam.test'],
    ['https://iam.test/path'],
    ['ftp://iam.test'],
    [7],
  ]) {
    assert.throws(() => signedFetch(CREDENTIALS, { origins }), {
      code: 'SEALWIRE_CONFIG',
      message: /origins/,
    });
  }
});

test('a Host header that differs from the URL is an error', async () => {
  await withServers(async (origin) => {
    const send = (host) => signedFetch(CREDENTIALS)(`${origin}/x`, { headers: { host } });
    await assert.rejects(send('evil.test'), { code: 'SEALWIRE_SIGN', message: /evil\.test/ });
  });
});

test('the scheme client does not buffer a stream, and a redirect that sends it again is an error', async () => {
  await withServers(async (origin) => {
    const init = () => ({ method: 'POST', body: new Blob(['z']).stream(), duplex: 'half' });
    assert.equal(await text(signedFetch(CREDENTIALS)(`${origin}/x`, init())), 'in /x');
    await assert.rejects(signedFetch(CREDENTIALS)(`${origin}/moved`, init()), /the body again/);
    assert.equal(await text(signedFetch(AGENT)(`${origin}/signed`, init())), 'agent z');
  });
});

test('stops after twenty redirects', async () => {
  let calls = 0;
  const send = signedFetch(CREDENTIALS, {
    fetch: async () => {
      calls += 1;
      return new Response(null, { status: 302, headers: { location: '/again' } });
    },
  });
  await assert.rejects(send('http://a.test/'), /more than 20 redirects/);
  assert.equal(calls, 21);
});

const { hasNewFetch } = fetchedTarget;

test('signs unusual URLs as fetch sends them, for a string, a URL and a Request', async () => {
  await withServers(async (origin) => {
    const call = signedFetch(CREDENTIALS);
    for (const path of ['/x?', '/x?#f', '/?', '/x#f', "/x?a='", '/a^b', '/a|b', '/a/../b', '//b', '/a b']) {
      for (const input of [origin + path, new URL(origin + path), new Request(origin + path)]) {
        assert.match(await (await call(input)).text(), /^in /, path);
      }
    }
  });
});

test('fetch sends an empty query since undici 7.23', () => {
  const versions = { '6.29.1': false, '7.22.0': false, '7.23.0': true, '8.0.0': true, '10.1.0': true };
  for (const [version, keeps] of Object.entries(versions)) assert.equal(hasNewFetch(version), keeps, version);
  assert.equal(hasNewFetch(undefined), true);
});
