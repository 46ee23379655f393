// Tests that axios sends the URL and the body that were signed.

import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import axios from 'axios';
import FormDataPackage from 'form-data';
import { signAxios } from '../../fetch.js';
import { AGENT, CREDENTIALS, withServers } from '../support/client-server.mjs';

test('signs the URL as it is sent', async () => {
  await withServers(async (origin) => {
    const client = signAxios(axios.create({ baseURL: `${origin}/v1`, params: { k: '1' } }), CREDENTIALS);
    for (const [url, config, sent] of [
      ['/a b', { params: { q: 'x y' } }, '/v1/a%20b?k=1&q=x+y'],
      ['/x', { params: { a: "'" } }, '/v1/x?k=1&a=%27'],
      [
        '/x',
        { params: { a: ['1', '2'] }, paramsSerializer: { serialize: () => "s='raw'" } },
        '/v1/x?s=%27raw%27',
      ],
      ['/x', { paramsSerializer: { indexes: null }, params: { a: ['1', '2'] } }, '/v1/x?k=1&a=1&a=2'],
      ['/a/../b#f', {}, '/v1/b?k=1'],
      [`${origin}/absolute`, {}, '/absolute?k=1'],
    ]) {
      assert.equal((await client.get(url, config)).data, `in ${sent}`);
    }
  });
});

test('no property of a request bypasses the signature', async () => {
  await withServers(async (origin) => {
    const client = signAxios(axios.create({ baseURL: origin }), AGENT);
    const asText = [(data) => `<${JSON.stringify(data)}>`];
    assert.equal((await client.post('/signed', { a: 1 })).data, 'agent {"a":1}');
    assert.equal(
      (await client.post('/signed', { a: 1 }, { transformRequest: asText })).data,
      'agent <{"a":1}>',
    );
    assert.equal((await client.post('/signed', 'z', { adapter: 'fetch' })).data, 'agent z');
    client.interceptors.request.use((config) => Object.assign(config, { data: 'changed', url: '/signed?q' }));
    assert.equal((await client.post('/signed', 'z')).data, 'agent changed');
    assert.equal((await client.get('/signed')).status, 200);
  });
});

test('uploads forms, and rejects streams with advice', async () => {
  await withServers(async (origin) => {
    const client = signAxios(axios.create({ baseURL: origin }), AGENT);
    const form = new FormData();
    form.append('f', new Blob(['inside']), 'n');
    const packaged = new FormDataPackage();
    packaged.append('f', Readable.from(['ins', 'ide']), { filename: 'n', knownLength: 6 });
    for (const body of [form, packaged, new Blob(['inside']), Buffer.from('inside')]) {
      assert.match((await client.post('/signed', body)).data, /^agent [^]*inside/);
    }
    assert.equal((await client.post('/signed', new URLSearchParams({ a: '1' }))).data, 'agent a=1');
    const refused = client.post('/signed', Readable.from(['z']));
    await assert.rejects(refused, { code: 'SEALWIRE_SIGN', message: /Read it first/ });
  });
});

test('follows redirects only to the same origin', async () => {
  await withServers(async (origin, other, elsewhere) => {
    const client = signAxios(axios.create({ baseURL: origin }), CREDENTIALS);
    assert.equal((await client.post('/moved', 'z')).data, 'in /elsewhere');
    await assert.rejects(
      client.post('/away', 'z', { headers: { 'X-User-ID': 'u' } }),
      ({ code, message }) => {
        return code === 'SEALWIRE_SIGN' && message.includes(origin) && message.includes(other);
      },
    );
    await assert.rejects(client.get(`${other}/x`), { code: 'SEALWIRE_SIGN' });
    assert.deepEqual(elsewhere, []);
    const kept = await client.get('/moved', { maxRedirects: 0, validateStatus: null });
    assert.equal(kept.status, 307);
  });
});

test('an error contains the config of the caller without a signature, so that it can be sent again', async () => {
  await withServers(async (origin) => {
    const client = signAxios(axios.create({ baseURL: origin }), AGENT);
    const failed = await client
      .post('/signed', { a: 1 }, { params: { flaky: 'axios' } })
      .catch((error) => error);
    assert.equal(failed.response.status, 503);
    assert.equal(failed.config.headers.get('Signature'), undefined);
    assert.equal((await client.request(failed.config)).data, 'agent {"a":1}');
  });
});

test('rejects a request without an absolute URL', async () => {
  const client = signAxios(axios.create(), CREDENTIALS);
  await assert.rejects(client.get('/x'), { code: 'SEALWIRE_SIGN', message: /absolute URL/ });
  assert.throws(() => signAxios({}, CREDENTIALS), { code: 'SEALWIRE_CONFIG' });
});

test('rejects the URLs that core rejects, and does not show a password', async () => {
  const client = signAxios(axios.create(), CREDENTIALS);
  for (const url of ['http://u:secret@a.test/', 'http://127.1/', 'http://0x7f.1/', 'http://a.test/a\tb']) {
    await assert.rejects(client.get(url), ({ code, message }) => {
      return code === 'SEALWIRE_SIGN' && !message.includes('secret');
    });
  }
});
