'use strict';

// Middleware for h3 1 and h3 2, which Nitro and Nuxt use. This module does not import h3. It supports the events of both
// versions.

const { configuration, signature } = require('./lib/client.js');
const { fetchedTarget } = require('./lib/clients/fetched-target.js');
const { failure, Rejection } = require('./lib/errors.js');
const { EXEMPT, Gate, GONE } = require('./lib/gate.js');
const {
  hasCacheControl,
  incoming,
  isWeb,
  offerBody,
  outgoing,
  routedTargets,
  signedTarget,
} = require('./lib/h3-event.js');
const { errorResponseOf, responseOf } = require('./lib/h3-response.js');
const { CACHE_CONTROL, leaveBody, PRIVATE } = require('./lib/node-adapter.js');
const { refuseCaching } = require('./lib/nitro-cache.js');
const { signWhenComplete } = require('./lib/responses.js');
const { prepared } = require('./lib/web-response.js');

// Signs an outgoing call, and stores the headers in `event.context.authHeaders`. By default, the call has the method and path
// of the incoming request. Does nothing if `enableHmac` is false.
function hmacSignatureMiddleware(
  event,
  { method = event.method ?? event.req.method, path = signedTarget(event) } = {},
) {
  if (configuration()?.server?.hmac?.enableHmac) {
    event.context.authHeaders = signature(method, asFetched(path));
  }
}

// Returns the path as `fetch` sends it. The URL is built by concatenation, because `new URL(path, base)` would treat a path
// that starts with `//` as a host.
function asFetched(path) {
  if (!String(path).startsWith('/')) return path;
  return fetchedTarget(new URL(`http://any${path}`));
}

// Returns a handler that receives an event with `context.authHeaders`.
function defineSignedEventHandler(handler, call) {
  requireHandler(handler, 'defineSignedEventHandler(handler)');
  return marked((event) => {
    hmacSignatureMiddleware(event, typeof call === 'function' ? call(event) : call);
    return handler(event);
  });
}

function requireHandler(handler, call) {
  if (typeof handler !== 'function') throw failure('CONFIG', `${call}: pass a handler function`);
}

// Returns middleware that rejects requests without a valid signature. It sets `event.context.sealwire` to the Identity of an
// accepted request.
function hmacAuthMiddleware(config) {
  const gate = new Gate(config);
  const middleware = marked(async (event, next) => {
    const { response, call } = await admit(gate, event);
    if (response !== undefined || typeof next !== 'function') return response;
    return completed(gate, event, call, next);
  });
  return Object.assign(middleware, { verifier: gate.verifier });
}

// Returns a handler that is called only for verified requests.
function defineVerifiedEventHandler(config, handler) {
  requireHandler(handler, 'defineVerifiedEventHandler(config, handler)');
  const gate = new Gate(config);
  const verified = marked(async (event) => {
    const { response, call } = await admit(gate, event);
    return response ?? completed(gate, event, call, () => handler(event));
  });
  return Object.assign(verified, { verifier: gate.verifier });
}

// Verifies the request in an event. Resolves to an object that contains the `response` of a rejected request, or the `call` of
// an accepted request. The object is empty if a request is accepted without an Identity.
async function admit(gate, event) {
  const [req, url] = [incoming(event), signedTarget(event)];
  const judged = await gate.judge(req, url, ...routedTargets(event));
  if (judged === GONE) return { response: '' };
  if (req.sealwireRejection) event.context.sealwireRejection = req.sealwireRejection;
  if (judged === EXEMPT || judged === undefined) return {};
  const call = { req, url, judged };
  if (!(judged instanceof Rejection)) return accept(gate, event, call);
  signResponse(gate, event, call);
  return { response: await sent(gate, event, call) };
}

function accept(gate, event, call) {
  refuseCaching(event);
  signResponse(gate, event, call);
  const res = outgoing(event);
  // For h3 2, keptPrivate sets this header after the handler has run, because otherwise the handler's Response could not
  // override it.
  if (!isWeb(event) && !res.hasHeader(CACHE_CONTROL)) res.setHeader(CACHE_CONTROL, PRIVATE);
  if (!isWeb(event)) offerBody(event);
  event.context.sealwire = call.judged;
  return { call };
}

function signResponse(gate, event, { req, url, judged }) {
  const res = outgoing(event);
  if (!res || !isSigned(gate, event)) return;
  signWhenComplete(req, res, (response) => gate.signResponse(req, url, judged, response), gate.responses);
}

// Returns whether the response is signed. It is unsigned only if each target is in `unsignedResponsePaths`.
const isSigned = (gate, event) => routedTargets(event).some((target) => gate.responses.isSigned(target));

// Calls the handler and prepares its response. `call` is undefined if the request was accepted without an Identity.
async function completed(gate, event, call, run) {
  if (call === undefined || !isWeb(event)) return run();
  if (outgoing(event) || !isSigned(gate, event)) return keptPrivate(event, await run());
  const result = await resultOf(event, run);
  const response = responseOf(event, result);
  return response === undefined ? result : prepared(gate, call.req, call.judged, response);
}

// Returns the result of a handler. If the handler throws an error that can be converted to a response, returns this response.
async function resultOf(event, run) {
  try {
    return await run();
  } catch (error) {
    const response = errorResponseOf(event, error);
    if (response === undefined) throw error;
    return response;
  }
}

// Adds `Cache-Control: private` to an h3 2 handler's response, unless the application has set this header.
function keptPrivate(event, result) {
  if (hasCacheControl(event, result)) return result;
  event.res.headers.set(CACHE_CONTROL, PRIVATE);
  event.res.errHeaders?.set(CACHE_CONTROL, PRIVATE);
  return result;
}

async function sent(gate, event, { req, judged }) {
  const res = outgoing(event);
  if (res) leaveBody(req, res);
  const { status, headers, body } = await gate.rejectionResponse(req, judged);
  if (isWeb(event)) {
    const response = new Response(body, { status, headers });
    return res ? response : prepared(gate, req, judged, response);
  }
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  return body;
}

// Marks a function as a handler, in the same way as `defineEventHandler` in h3 1.
function marked(handler) {
  handler.__is_handler__ = true;
  return handler;
}

module.exports = {
  defineSignedEventHandler,
  defineVerifiedEventHandler,
  hmacAuthMiddleware,
  hmacSignatureMiddleware: marked(hmacSignatureMiddleware),
};
