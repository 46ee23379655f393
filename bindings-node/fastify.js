'use strict';

// A hook for Fastify 4 and 5, which does not import Fastify.

const { Gate } = require('./lib/gate.js');
const { admit, leaveBody } = require('./lib/node-adapter.js');

// An `onRequest` hook: `fastify.addHook('onRequest', hmacAuthHook(config))`. It runs before Fastify parses bodies. An accepted
// request has its Identity in `request.sealwire`.
function hmacAuthHook(config) {
  const gate = new Gate(config);
  async function onRequest(request, reply) {
    const { raw } = request;
    const send = (req, res, response) => sendThrough(reply, req, res, response);
    // `rewriteUrl` changes `url` before hooks run; the signature covers `originalUrl`.
    const passes = await admit(gate, raw, reply.raw, raw.originalUrl ?? raw.url, send);
    request.sealwire = raw.sealwire;
    request.sealwireRejection = raw.sealwireRejection;
    if (!passes && !reply.sent) reply.hijack(); // the client has disconnected
    return passes ? undefined : reply;
  }
  return Object.assign(onRequest, { verifier: gate.verifier });
}

// Sends the response with Fastify, so that other hooks and the log process it.
function sendThrough(reply, req, res, { status, headers, body }) {
  leaveBody(req, res);
  reply.code(status).headers(headers).send(body);
  return false;
}

module.exports = { hmacAuthHook };
