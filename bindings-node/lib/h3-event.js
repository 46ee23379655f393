'use strict';

// Reads h3 events. An h3 1 event contains a Node.js or Nitro request. An h3 2 event contains a standard Request.

const { Readable } = require('node:stream');
const { hasBody, isMultiplexed } = require('./body.js');
const { SOURCE } = require('./claims.js');
const native = require('./native.js');
const { readStream } = require('./read-stream.js');
const { webRequest } = require('./web-request.js');
const { Blocks } = require('./blocks.js');

const { cacheControlHeader } = native.catalog();

const isWeb = (event) => typeof event.req?.clone === 'function';

// Returns an object with an event's Node.js request and response, if it has them.
const nodeOf = (event) => (isWeb(event) ? event.req.runtime?.node : event.node);
const outgoing = (event) => nodeOf(event)?.res;

// Returns the request in the form that the gate requires.
function incoming(event) {
  const node = nodeOf(event)?.req;
  if (!node) return webRequest(event.req, { peer: event.req.ip });
  return event.web?.request ? wrapped(event, node) : node;
}

// Returns the request in an event that h3 1's `toWebHandler` created. In such an event, the head is in a simulated Node.js
// request, and the body is in a standard Request.
function wrapped(event, node) {
  const { request, url } = event.web;
  return {
    [SOURCE]: node,
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

// Makes the body of an HTTP/2 request without `Content-Length` available to h3 1. h3 1 ignores such a body, unless it is in the
// `_requestBody` property, where h3 1 expects the body of a standard Request.
function offerBody(event) {
  const { req } = event.node;
  if (!isMultiplexed(req) || req.headers['content-length'] !== undefined || req.rawBody || !hasBody(req))
    return;
  let body;
  const get = () => (body ??= Readable.toWeb(req));
  Object.defineProperty(event, '_requestBody', { configurable: true, get });
}

// Returns the signed target. A mounted application removes its prefix from `url`, but the complete target is in `originalUrl`.
function signedTarget(event) {
  const req = nodeOf(event)?.req;
  if (req) return req.originalUrl ?? req.url;
  const { pathname, search } = new URL(event.req.url);
  return pathname + search;
}

// Returns the targets that an application can use for routing. Path rules apply to each of them.
//
// h3 1 selects a handler by the decoded path, but Node.js middleware and proxies behind it use the raw `url` of the Node.js
// request. The two differ if a code in the raw path decodes to a special character: in `/a%3f/../b`, the path ends at the
// decoded `?` for h3, but not for Node.js middleware.
function routedTargets(event) {
  const routed = routedTarget(event);
  const raw = isWeb(event) ? undefined : nodeOf(event)?.req?.url;
  return raw === undefined || raw === routed ? [routed] : [routed, raw];
}

// Returns the target that h3 uses to select a route, percent-encoded. h3 1 uses the decoded path, and h3 2 uses the normalised
// path. If h3 2 changes the target during normalisation, this function returns the target as it was sent, so that the core
// crate can detect an ambiguous path.
function routedTarget(event) {
  if (!isWeb(event)) return encoded(event.path);
  const raw = nodeOf(event)?.req?.url;
  const routed = event.url.pathname + event.url.search;
  if (raw === undefined || raw === routed) return routed;
  const isMounted = raw.endsWith(routed) && isMountPath(raw.slice(0, raw.length - routed.length));
  return isMounted ? routed : raw;
}

// Returns whether the start of a target can be the mount path of an application, which h3 2 removes. A start with a dot segment
// is removed by normalisation instead: `/admin/..` in `/admin/../public/x`. Node.js middleware behind h3 2 uses the path with
// this start.
const isMountPath = (start) => /^(?:\/(?!\.)(?:[^/\\%?#]|%(?!2[ef]|5c)[\da-f]{2})+)*$/i.test(start);

function encoded(path) {
  try {
    return encodeURI(path).replaceAll('%25', '%');
  } catch {
    return '/%'; // the path contains a lone surrogate; the core crate treats `/%` as ambiguous
  }
}

// Returns whether the application has set `Cache-Control`, either in the returned Response or in the event's headers.
function hasCacheControl(event, result) {
  const own = result?.headers;
  return (
    event.res.headers.has(cacheControlHeader) ||
    (typeof own?.has === 'function' && own.has(cacheControlHeader))
  );
}

module.exports = { hasCacheControl, incoming, isWeb, offerBody, outgoing, routedTargets, signedTarget };
