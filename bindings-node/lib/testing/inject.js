'use strict';

// Signs requests that are sent with Fastify's `inject`, or with another function that takes the same arguments as
// light-my-request.

const { failure } = require('../errors.js');
const { bodyOf } = require('./inject-body.js');
const { testSigner } = require('./test-signer.js');

const ORIGIN = 'http://localhost';
const CONTENT_TYPE = 'content-type';

// Returns a function that takes the same arguments as `app.inject` and signs each request.
function signedInject(app, credentials, options) {
  if (typeof app?.inject !== 'function') {
    throw failure('CONFIG', 'app: pass an object with the method inject, such as a Fastify instance');
  }
  const sign = testSigner('signedInject()', credentials, options);
  return (given, callback) => {
    const { url: relative, path, query, payload, body = payload, method = 'GET', ...rest } = wholeOf(given);
    const headers = lowerCase(rest.headers);
    const url = targetOf(relative ?? path, query, headers.host ?? rest.authority);
    const head = { ...rest, method: upperCase(method), url, headers };
    const content = bodyOf(body);
    const signed = async () => {
      await isReady(app);
      return signedRequest(sign, head, await content);
    };
    // Fastify returns a promise only if there is no callback argument.
    if (callback === undefined) return signed().then((request) => app.inject(request));
    signed().then((request) => app.inject(request, callback), callback);
    return undefined;
  };
}

// Waits until the plugins of a Fastify application are loaded. `inject` also loads them, but after the request is signed. A replay
// table that a plugin then creates could reject the request as stale.
const isReady = async (app) => {
  if (typeof app.ready === 'function') await app.ready();
};

function signedRequest(sign, { url, headers, ...rest }, { bytes, type, isForm }) {
  const typed = type !== undefined && (isForm || !(CONTENT_TYPE in headers));
  const sent = typed ? { ...headers, [CONTENT_TYPE]: type } : headers;
  const signed = sign({ method: rest.method, url: url.href, headers: sent, body: bytes });
  const target = url.pathname + url.search;
  return { ...rest, url: target, headers: { ...sent, host: url.host, ...signed }, payload: bytes };
}

function wholeOf(given) {
  const whole = typeof given === 'string' ? { url: given } : given;
  if (typeof whole !== 'object' || whole === null) {
    throw failure('CONFIG', "inject(): pass a URL or an object, such as { method: 'GET', url: '/items' }");
  }
  return whole;
}

// light-my-request sends methods in upper case.
function upperCase(method) {
  if (typeof method !== 'string') throw failure('CONFIG', 'method: pass a string');
  return method.toUpperCase();
}

const lowerCase = (headers = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function targetOf(relative, query, host) {
  if (typeof relative !== 'string') throw failure('CONFIG', 'url: pass a string');
  const url = new URL(relative, host === undefined ? ORIGIN : `http://${host}`);
  const pairs = typeof query === 'string' ? [...new URLSearchParams(query)] : Object.entries(query ?? {});
  for (const [name, value] of pairs.flatMap(([key, values]) => [values].flat().map((each) => [key, each]))) {
    url.searchParams.append(name, value);
  }
  return url;
}

module.exports = { signedInject };
