import assert from 'node:assert/strict';
import { test } from 'node:test';
import got from 'got';
import { gotSigner, signGot } from '../../fetch.js';
import { AGENT, CREDENTIALS, withServers } from '../support/client-server.mjs';

const hooked = (credentials, options) =>
  got.extend({ hooks: { beforeRequest: [gotSigner(credentials, options)] } });

test('signs in a beforeRequest hook', async () => {
  await withServers(async (origin) => {
    assert.equal(await hooked(CREDENTIALS)(`${origin}/a b?c='d'`).text(), 'in /a%20b?c=%27d%27');
    assert.equal(
      await hooked(AGENT)
        .post(`${origin}/signed`, { json: { a: 1 } })
        .text(),
      'agent {"a":1}',
    );
    assert.equal(
      await signGot(got, AGENT)
        .post(`${origin}/signed`, { form: { a: 1 } })
        .text(),
      'agent a=1',
    );
  });
});

for (const [name, make] of Object.entries({
  gotSigner: hooked,
  signGot: (...args) => signGot(got, ...args),
})) {
  test(`${name} signs every retry, and every redirect to the same origin, but no redirect to another origin`, async () => {
    await withServers(async (origin, other, elsewhere) => {
      const client = make(CREDENTIALS);
      assert.equal(await client(`${origin}/moved`).text(), 'in /elsewhere');
      const flaky = { retry: { methods: ['POST'], backoffLimit: 1 }, body: 'z' };
      assert.equal(await make(AGENT).post(`${origin}/signed?flaky=${name}`, flaky).text(), 'agent z');
      const context = { mine: true };
      for (let times = 0; times < 2; times += 1) {
        await assert.rejects(client(`${origin}/away`, { context }).text(), ({ message }) => {
          return message.includes(origin) && message.includes(other);
        });
      }
      assert.deepEqual([elsewhere, Reflect.ownKeys(context)], [[], ['mine']]);
    });
  });

  test(`${name} signs only for the origin of prefixUrl or the setting origins`, async () => {
    await withServers(async (origin, other) => {
      const prefixed = make(CREDENTIALS).extend({ prefixUrl: origin });
      assert.equal(await prefixed('x').text(), 'in /x');
      await assert.rejects(make(CREDENTIALS, { origins: [origin] })(`${other}/x`).text(), /not signed/);
    });
  });
}

test('a body that is written to a stream is an error, if the signature covers the body', async () => {
  await withServers(async (origin) => {
    for (const client of [signGot(got, AGENT), hooked(AGENT)]) {
      for (const method of ['post', 'put', 'patch']) {
        const stream = client.stream[method](`${origin}/signed`, { retry: { limit: 0 } });
        const sent = textOf(stream);
        stream.end('z');
        await assert.rejects(sent, (error) => {
          const { code, message } = error.cause ?? error;
          return code === 'SEALWIRE_SIGN' && /a stream cannot be read twice/.test(message);
        });
      }
    }
  });
});

test('a stream with a known body or without a body is signed', async () => {
  await withServers(async (origin) => {
    for (const client of [signGot(got, AGENT), hooked(AGENT)]) {
      const url = `${origin}/signed`;
      assert.equal(await textOf(client.stream.post(url, { body: 'z' })), 'agent z');
      assert.equal(await textOf(client.stream.post(url, { json: { a: 1 } })), 'agent {"a":1}');
      assert.equal(await textOf(client.stream(url)), 'agent ');
      assert.equal(await textOf(client.stream.delete(url)), 'agent ');
    }
    const stream = signGot(got, CREDENTIALS).stream.post(`${origin}/any`);
    stream.end('the scheme client does not cover the body');
    assert.equal(await textOf(stream), 'in /any');
  });
});

async function textOf(stream) {
  const chunks = await stream.toArray();
  return Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))).toString();
}
