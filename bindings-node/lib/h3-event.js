'use strict';

// Reads the events of h3 1, which carry Node's request or one that Nitro made, and of h3 2, which carry a standard one.

const { readStream, webRequest } = require('./web-request.js');
const { Blocks } = require('./blocks.js');

const CACHE_CONTROL = 'cache-control';

const isWeb = (event) => typeof event.req?.clone === 'function';

// Node's request and response, where there are any.
const nodeOf = (event) => (isWeb(event) ? event.req.runtime?.node : event.node);
const outgoing = (event) => nodeOf(event)?.res;

// The request in the form in which the gate reads it.
function incoming(event) {
  const node = nodeOf(event)?.req;
  if (!node) return webRequest(event.req, { peer: event.req.ip });
  return event.web?.request ? wrapped(event, node) : node;
}

// h3 1's `toWebHandler`: the head is in a made-up Node request, the body in a standard one.
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

// The target as it was sent and signed: `originalUrl` holds it where a mounted application took its prefix off.
function signedTarget(event) {
  const req = nodeOf(event)?.req;
  if (req) return req.originalUrl ?? req.url;
  const { pathname, search } = new URL(event.req.url);
  return pathname + search;
}

// The target that h3 will route, percent-encoded: version 1 routes by the decoded path, version 2 by the normalised one. A target
// that normalising changes is judged as it was sent, so that an ambiguous one is recognised.
function routedTarget(event) {
  const raw = nodeOf(event)?.req?.url;
  const routed = isWeb(event) ? event.url.pathname + event.url.search : encoded(event.path);
  return raw === undefined || raw === routed || !isWeb(event) || raw.endsWith(routed) ? routed : raw;
}

function encoded(path) {
  try {
    return encodeURI(path).replaceAll('%25', '%');
  } catch {
    return '/%'; // half of a surrogate pair: an ambiguous path
  }
}

// Whether the application chose how its response may be cached, in the response it returned or in the prepared headers.
function hasCacheControl(event, result) {
  const own = result?.headers;
  return event.res.headers.has(CACHE_CONTROL) || (typeof own?.has === 'function' && own.has(CACHE_CONTROL));
}

module.exports = { hasCacheControl, incoming, isWeb, outgoing, routedTarget, signedTarget };
