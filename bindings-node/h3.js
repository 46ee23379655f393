'use strict';

// For h3 versions 1 and 2, so for Nitro and Nuxt. h3 is not imported: events of both versions are read as they come.

const { signWhenWhole } = require('./lib/responses.js');
const { configuration, signature } = require('./lib/client.js');
const { Rejection } = require('./lib/errors.js');
const { answer, EXEMPT, Gate, GONE } = require('./lib/gate.js');
const { webRequest } = require('./lib/web-request.js');

// Signs for the call this request leads to, and leaves the headers in `event.context.authHeaders`. The call's method and
// path are this request's own unless others are given. Does nothing while `enableHmac` is false.
function hmacSignatureMiddleware(
  event,
  { method = event.method ?? event.req.method, path = target(event) } = {},
) {
  if (configuration()?.server?.hmac?.enableHmac) event.context.authHeaders = signature(method, path);
}

// A handler whose event carries `context.authHeaders`.
function defineSignedEventHandler(handler, call) {
  return marked((event) => {
    hmacSignatureMiddleware(event, typeof call === 'function' ? call(event) : call);
    return handler(event);
  });
}

// Middleware that turns away what does not verify; an accepted request has its Identity in `event.context.sealwire`.
function hmacAuthMiddleware(config) {
  const gate = new Gate(config);
  const middleware = marked(async (event) => {
    const [req, url] = [isWeb(event) ? webRequest(event) : event.node.req, target(event)];
    const judged = await gate.judge(req, url);
    if (judged === GONE) return '';
    if (judged === EXEMPT || judged === undefined) return undefined;
    const res = event.node?.res;
    if (gate.signsResponses && res)
      signWhenWhole(req, res, (answer) => gate.signResponse(req, url, judged, answer));
    if (judged instanceof Rejection) return refuse(event, judged);
    event.context.sealwire = judged;
    return undefined;
  });
  return Object.assign(middleware, { verifier: gate.verifier });
}

// A handler that only runs for requests that verify.
function defineVerifiedEventHandler(config, handler) {
  const guard = hmacAuthMiddleware(config);
  return marked(async (event) => (await guard(event)) ?? handler(event));
}

// h3 2 carries a web request, h3 1 what Node made.
const isWeb = (event) => typeof event.req?.clone === 'function';

// As on the wire: `originalUrl` is what it was before a mounted app's path was cut off, and a web URL is a parsed one.
function target(event) {
  const req = isWeb(event) ? event.req.runtime?.node?.req : event.node.req;
  if (req) return req.originalUrl ?? req.url;
  const { pathname, search } = new URL(event.req.url);
  return pathname + search;
}

function refuse(event, rejection) {
  if (isWeb(event)) {
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    return new Response(rejection.publicText, { status: rejection.status, headers });
  }
  answer(event.node.res, rejection);
  return rejection.publicText;
}

// What h3 1's defineEventHandler does.
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
