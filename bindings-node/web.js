'use strict';

// Middleware for servers that use the standard `Request` and `Response`, such as Hono, Elysia, `Bun.serve` and `Deno.serve`.

const { failure, Rejection, RejectedError } = require('./lib/errors.js');
const { GONE } = require('./lib/body.js');
const { EXEMPT, Gate } = require('./lib/gate.js');
const { prepared } = require('./lib/web-response.js');
const { webRequest } = require('./lib/web-request.js');

const BAD_REQUEST = 400;

// Returns the middleware `(request, next, { peer })`, which resolves to a Response. It calls `next` with the request and its
// Identity.
function hmacAuth(config) {
  const gate = new Gate(config);
  async function middleware(request, next, { peer } = {}) {
    const req = webRequest(request, { peer });
    const judged = await gate.judge(req, req.url);
    if (judged === GONE) return new Response(null, { status: BAD_REQUEST });
    if (judged === EXEMPT || judged === undefined) return next(request, undefined);
    if (!(judged instanceof Rejection)) return prepared(gate, req, judged, await next(request, judged));
    const { body, ...init } = await gate.rejectionResponse(req, judged);
    return prepared(gate, req, judged, new Response(body, init));
  }
  return Object.assign(middleware, {
    verifier: gate.verifier,
    verifyRequest: (request, { peer } = {}) => verified(gate, request, peer),
    hono: honoMiddleware(middleware),
  });
}

// Verifies a request. Resolves to the sender's Identity, or to undefined if the policy accepts the request without an Identity.
// Rejects with a RejectedError if the request is rejected.
function verifyRequest(request, verifier, { peer } = {}) {
  if (!gates.has(verifier)) gates.set(verifier, new Gate({ verifier }));
  return verified(gates.get(verifier), request, peer);
}

const gates = new WeakMap();

async function verified(gate, request, peer) {
  const req = webRequest(request, { peer });
  const judged = await gate.judge(req, req.url);
  if (judged === GONE)
    throw failure('BODY_ABORTED', 'the client closed the connection while it sent the body');
  if (judged instanceof Rejection) throw new RejectedError(judged);
  return judged === EXEMPT ? undefined : judged;
}

// Returns the middleware for Hono: `app.use(hmacAuth(config).hono)`. The Identity is available as `c.get('sealwire')`.
const honoMiddleware = (middleware) => async (c, next) => {
  const peer = c.env?.incoming?.socket?.remoteAddress;
  const run = async (_request, identity) => {
    c.set('sealwire', identity);
    await next();
    return c.res;
  };
  const response = await middleware(c.req.raw, run, { peer });
  if (response === c.res) return;
  // Hono merges the previous response's headers into the new response, unless the previous response is removed first.
  c.res = undefined;
  c.res = response;
};

module.exports = { hmacAuth, verifyRequest };
