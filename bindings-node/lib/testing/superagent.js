'use strict';

// Signs requests that are sent with supertest or superagent.

const { failure } = require('../errors.js');
const { testSigner } = require('./test-signer.js');

// Returns a plugin for superagent: `request(app).get('/items').use(signing(signer))`. A request is signed when it is sent,
// because its headers and body are then complete.
function signing(credentials, options) {
  const sign = testSigner('signing()', credentials, options);
  return (test) => {
    let first;
    let added = [];
    test.on('request', ({ req }) => {
      const origin = originOf(req);
      first ??= origin;
      // When superagent follows a redirect, it copies the headers of the previous request, including its signature.
      for (const name of added) req.removeHeader(name);
      const signHead = (parts) => {
        const headers = sign(parts);
        added = Object.keys(headers);
        return headers;
      };
      if (origin === first) signWhenComplete(req, signHead);
      else req.destroy(failure('SIGN', `the request was redirected from ${first} to ${origin}`));
    });
  };
}

const originOf = (req) => `${req.protocol}//${req.getHeader('host')}`;

// Buffers the body until it is complete, because the signature covers the body but is sent before it, in a header.
function signWhenComplete(req, sign) {
  const { end } = req;
  const chunks = [];
  req.write = (chunk, ...rest) => {
    chunks.push(bytesOf(chunk, rest[0]));
    callbackOf(rest)?.();
    return true;
  };
  req.end = (...given) => {
    const [chunk, encoding] = given;
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') {
      chunks.push(bytesOf(chunk, encoding));
    }
    const body = Buffer.concat(chunks);
    try {
      const url = originOf(req) + req.path;
      const headers = sign({ method: req.method, url, headers: withoutHost(req.getHeaders()), body });
      for (const [name, value] of Object.entries(headers)) req.setHeader(name, value);
    } catch (error) {
      return req.destroy(error);
    }
    return end.call(req, ...(body.length > 0 ? [body] : []), callbackOf(given));
  };
}

const bytesOf = (chunk, encoding) =>
  typeof chunk === 'string'
    ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8')
    : Buffer.from(chunk);

const callbackOf = (given) => given.find((value) => typeof value === 'function');

// Removes the Host header, because the signer reads the host from the URL.
const withoutHost = ({ host, ...headers }) => headers;

module.exports = { signing };
