'use strict';

// Reads events of h3 1, which contain a request of Node.js or Nitro, and of h3 2, which contain a standard
// Request.

const { Readable } = require('node:stream');
const { hasBody, isMultiplexed } = require('./body.js');
const native = require('./native.js');
const { readStream } = require('./read-stream.js');
const { webRequest } = require('./web-request.js');
const { Blocks } = require('./blocks.js');

const { cacheControlHeader } = native.catalog();

const isWeb = (event) => typeof event.req?.clone === 'function';

// Returns the request and response of Node.js, if there are any.
const nodeOf = (event) => (isWeb(event) ? event.req.runtime?.node : event.node);
const outgoing = (event) => nodeOf(event)?.res;

// Returns the request in the form that the gate requires.
function incoming(event) {
  const node = nodeOf(event)?.req;
  if (!node) return webRequest(event.req, { peer: event.req.ip });
  return event.web?.request ? wrapped(event, node) : node;
}

// `toWebHandler` of h3 1 provides the head as a simulated Node.js request, and the body as a standard Request.
function wrapped(event, node) {
  const { request, url } = event.web;
  return {
    method: node.method,
    url: node.url,
    headers: { ...node.headers, ':authority': url.host },
    rawHeaders: node.rawHeaders,
    socket: { encrypted: url.protocol === 'https:' },
    readBody: (take, timeoutMs) => readWrapped(event, node, request, { take, timeoutMs }),
  };
}

async function readWrapped(event, node, request, { take, timeoutMs }) {
  const blocks = new Blocks();
  const keep = (chunk) => {
    blocks.push(chunk);
    return take(chunk);
  };
  const stopped = await readStream(request.bodyUsed ? undefined : request.clone().body, keep, timeoutMs);
  if (stopped === undefined && request.body) event._requestBody = node.rawBody = blocks.joined();
  return stopped;
}

// Gives h3 1 the body of an HTTP/2 request without `Content-Length`. h3 1 ignores such a body, unless it is in the property for the
// body of a standard request.
function offerBody(event) {
  const { req } = event.node;
  if (!isMultiplexed(req) || req.headers['content-length'] !== undefined || req.rawBody || !hasBody(req))
    return;
  let body;
  const get = () => (body ??= Readable.toWeb(req));
  Object.defineProperty(event, '_requestBody', { configurable: true, get });
}

// Returns the signed target. If a mounted application removed its prefix, it is in `originalUrl`.
function signedTarget(event) {
  const req = nodeOf(event)?.req;
  if (req) return req.originalUrl ?? req.url;
  const { pathname, search } = new URL(event.req.url);
  return pathname + search;
}

// Returns the target that h3 routes, percent-encoded. Version 1 routes by the decoded path, version 2 by the
// normalised path. If normalisation changes the target, it is returned as sent, so that ambiguous paths are
// detected.
function routedTarget(event) {
  const raw = nodeOf(event)?.req?.url;
  const routed = isWeb(event) ? event.url.pathname + event.url.search : encoded(event.path);
  return raw === undefined || raw === routed || !isWeb(event) || raw.endsWith(routed) ? routed : raw;
}

function encoded(path) {
  try {
    return encodeURI(path).replaceAll('%25', '%');
  } catch {
    return '/%'; // a lone surrogate: an ambiguous path
  }
}

// Returns whether the application has set `Cache-Control`, in the returned response or in the prepared
// headers.
function hasCacheControl(event, result) {
  const own = result?.headers;
  return (
    event.res.headers.has(cacheControlHeader) ||
    (typeof own?.has === 'function' && own.has(cacheControlHeader))
  );
}

module.exports = { hasCacheControl, incoming, isWeb, offerBody, outgoing, routedTarget, signedTarget };
