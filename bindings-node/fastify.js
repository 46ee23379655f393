'use strict';

// A hook for Fastify 4 and 5. This module does not import Fastify.

const { failure } = require('./lib/errors.js');
const { Gate } = require('./lib/gate.js');
const { admit, leaveBody } = require('./lib/node-adapter.js');

const USAGE =
  "hmacAuthHook(): call fastify.addHook('onRequest', hmacAuthHook(config)); it is not a plugin, and later hooks receive a parsed body";

// Returns an `onRequest` hook: `fastify.addHook('onRequest', hmacAuthHook(config))`. Fastify calls it before it parses the body.
// The hook sets `request.sealwire` to the Identity of an accepted request.
function hmacAuthHook(config) {
  const gate = new Gate(config);
  async function onRequest(request, reply) {
    const { raw, body } = request;
    if (raw === undefined || (body !== undefined && body !== null)) throw failure('CONFIG', USAGE);
    const send = (req, res, response) => sendThrough(reply, req, res, response);
    // Fastify's `rewriteUrl` option can change `url` before hooks run. The signature covers `originalUrl`.
    const passes = await admit(gate, raw, reply.raw, raw.originalUrl ?? raw.url, send);
    request.sealwire = raw.sealwire;
    request.sealwireRejection = raw.sealwireRejection;
    if (!passes && !reply.sent) reply.hijack(); // the client has disconnected
    return passes ? undefined : reply;
  }
  return Object.assign(onRequest, { verifier: gate.verifier });
}

// Sends the response with Fastify's `reply`, so that other hooks are called and the response is logged.
function sendThrough(reply, req, res, { status, headers, body }) {
  leaveBody(req, res);
  reply.code(status).headers(headers).send(body);
  return false;
}

module.exports = { hmacAuthHook };
