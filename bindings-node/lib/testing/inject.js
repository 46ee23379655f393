'use strict';

// Signs requests of Fastify's `inject`, or of another function of light-my-request.

const { failure } = require('../errors.js');
const { testSigner } = require('./test-signer.js');

const ORIGIN = 'http://localhost';

// Returns a function with the arguments of `app.inject`.
function signedInject(app, credentials, options) {
  if (typeof app?.inject !== 'function') {
    throw failure('CONFIG', 'app: give an object with the method inject, such as a Fastify instance');
  }
  const sign = testSigner('signedInject()', credentials, options);
  return (given) => {
    const { url: relative, path, query, payload, body = payload, method = 'GET', ...rest } = wholeOf(given);
    const url = targetOf(relative ?? path, query, rest);
    const sent = bodyOf(body, rest.headers);
    const signed = sign({ method, url: url.href, headers: sent.headers, body: sent.body });
    const headers = { ...sent.headers, host: url.host, ...signed };
    return app.inject({ ...rest, method, url: url.pathname + url.search, headers, payload: sent.body });
  };
}

const wholeOf = (given) => (typeof given === 'string' ? { url: given } : given);

function targetOf(relative, query, { authority, headers = {} }) {
  if (typeof relative !== 'string') throw failure('CONFIG', 'url: give a string');
  const host = authority ?? headers.host;
  const url = new URL(relative, host === undefined ? ORIGIN : `http://${host}`);
  const pairs = typeof query === 'string' ? [...new URLSearchParams(query)] : Object.entries(query ?? {});
  for (const [name, value] of pairs.flatMap(([key, values]) => [values].flat().map((each) => [key, each]))) {
    url.searchParams.append(name, value);
  }
  return url;
}

// Returns the body as bytes. An object is sent as JSON, as `inject` does it.
function bodyOf(body, given = {}) {
  const headers = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (body === undefined || body === null) return { headers };
  if (typeof body === 'string') return { headers, body: Buffer.from(body) };
  if (body instanceof Uint8Array) return { headers, body: Buffer.from(body) };
  if (typeof body.pipe === 'function' || typeof body[Symbol.asyncIterator] === 'function') {
    throw failure(
      'SIGN',
      'payload: the signature covers it; give a string, bytes or an object, not a stream',
    );
  }
  return {
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}

module.exports = { signedInject };
