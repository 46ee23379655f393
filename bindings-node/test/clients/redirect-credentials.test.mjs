// Tests that clients do not send the credentials for one origin to another origin, even if both origins are in `origins`.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import axios from 'axios';
import got from 'got';
import * as undici from 'undici';
import { gotSigner, signAxios, signedDispatcher, signedFetch, signGot } from '../../fetch.js';
import { AGENT, CREDENTIALS } from '../support/client-server.mjs';

const SECRETS = {
  Authorization: 'Bearer token',
  Cookie: 'session=1',
  'Proxy-Authorization': 'Basic cHJveHk=',
};
const NAMES = Object.keys(SECRETS).map((name) => name.toLowerCase());

let received = [];
const origins = [];
const servers = [];

before(async () => {
  for (let at = 0; at < 2; at += 1) {
    const server = createServer((req, res) => {
      received.push({ at, url: req.url, headers: req.headers });
      const { searchParams } = new URL(req.url, 'http://any');
      const [to, ...rest] = searchParams.getAll('to');
      req.resume();
      if (to === undefined) return res.end('done');
      const more = rest.map((each) => `to=${encodeURIComponent(each)}`).join('&');
      return res.writeHead(307, { location: `${origins[Number(to)]}/next?${more}` }).end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    origins.push(`http://127.0.0.1:${server.address().port}`);
    servers.push(server);
  }
});
after(() => {
  for (const server of servers) server.close();
  for (const server of servers) server.closeAllConnections();
});

const jarless = { throwHttpErrors: false, retry: { limit: 0 } };

// For each client, a function that sends a request with `headers`.
const CLIENTS = {
  signedFetch: (url, { method, headers, body }, signer) =>
    signedFetch(signer, { origins })(url, { method, headers, body }),
  'signedFetch with a Request': (url, { method, headers, body }, signer) =>
    signedFetch(signer, { origins })(new Request(url, { method, headers, body })),
  signAxios: (url, { method, headers, body }, signer) =>
    signAxios(axios.create(), signer, { origins })({ url, method, headers, data: body }),
  'signAxios with the fetch adapter': (url, { method, headers, body }, signer) =>
    signAxios(axios.create({ adapter: 'fetch' }), signer, { origins })({ url, method, headers, data: body }),
  signGot: (url, { method, headers, body }, signer) =>
    signGot(got, signer, { origins })(url, { ...jarless, method, headers, body }),
  gotSigner: (url, { method, headers, body }, signer) => {
    const hooks = { beforeRequest: [gotSigner(signer, { origins })] };
    return got(url, { ...jarless, method, headers, body, hooks });
  },
  signedDispatcher: (url, { method, headers, body }, signer) => {
    const interceptors = [undici.interceptors.redirect({ maxRedirections: 5 })];
    const dispatcher = signedDispatcher(new undici.Agent(), signer, { origins, interceptors });
    return undici.request(url, { method, headers, body, dispatcher }).then(({ body }) => body.text());
  },
};

const secretsOf = ({ headers }) => NAMES.filter((name) => name in headers);

for (const [name, send] of Object.entries(CLIENTS)) {
  describe(name, () => {
    for (const [scheme, signer] of [
      ['message', AGENT],
      ['client', CREDENTIALS],
    ]) {
      for (const [method, body] of [
        ['GET', undefined],
        ['POST', 'hello'],
      ]) {
        test(`${method} under ${scheme}: another origin receives a signature but no credentials`, async () => {
          received = [];
          const request = { method, body, headers: { ...SECRETS, 'X-Own': 'kept' } };
          // The request is redirected in the same origin, then to the other origin, and back.
          await send(`${origins[0]}/first?to=0&to=1&to=0`, request, signer);
          assert.deepEqual(
            received.map(({ at }) => at),
            [0, 0, 1, 0],
          );
          assert.deepEqual(received.map(secretsOf), [NAMES, NAMES, [], []]);
          assert.ok(received.every(({ headers }) => headers['x-own'] === 'kept'));
          const signature = scheme === 'message' ? 'signature' : 'x-signature';
          assert.equal(new Set(received.map(({ headers }) => headers[signature])).size, 4);
        });
      }
    }
  });
}

test('signAxios does not send the setting auth to another origin', async () => {
  received = [];
  const client = signAxios(axios.create(), AGENT, { origins });
  await client.get(`${origins[0]}/first?to=0&to=1`, { auth: { username: 'u', password: 'p' } });
  assert.deepEqual(received.map(secretsOf), [['authorization'], ['authorization'], []]);
});

test('signAxios passes headers without credentials to beforeRedirect', async () => {
  const passed = [];
  const client = signAxios(axios.create(), AGENT, { origins });
  const beforeRedirect = ({ headers }) => passed.push(Object.keys(headers).map((name) => name.toLowerCase()));
  await client.get(`${origins[0]}/first?to=1`, { headers: SECRETS, beforeRedirect });
  assert.deepEqual(
    NAMES.filter((name) => passed[0].includes(name)),
    [],
  );
});

test('got does not send a user and a password to another origin', async () => {
  received = [];
  const client = signGot(got, AGENT, { origins });
  await client(`${origins[0]}/first?to=1`, { ...jarless, username: 'u', password: 'p' });
  assert.deepEqual(received.map(secretsOf), [['authorization'], []]);
});

test('got removes the credentials if only the scheme of the URL changes', async () => {
  for (const make of [
    (signer) => got.extend({ hooks: { beforeRequest: [gotSigner(signer, SCHEMES)] } }),
    (signer) => signGot(got, signer, SCHEMES),
  ]) {
    const seen = [];
    const response = { statusCode: 307, headers: { location: 'http://practices.test/next' } };
    // Responds without a connection, because a server cannot use the same port for both schemes.
    const request = (url, { headers }) => {
      seen.push(secretsOf({ headers }));
      return seen.length === 1 ? answer(url, response) : answer(url, { statusCode: 200, headers: {} });
    };
    await make(AGENT)('https://practices.test/first', { ...jarless, headers: SECRETS, request });
    assert.deepEqual(seen, [NAMES, []]);
  }
});

const SCHEMES = { origins: ['https://practices.test', 'http://practices.test'] };

// Returns a response in the form that got's `request` option can return.
async function answer(url, { statusCode, headers }) {
  const { Readable } = await import('node:stream');
  const body = Readable.from([]);
  return Object.assign(body, { statusCode, headers, rawHeaders: [], req: {}, url: url.href, timings: {} });
}
