'use strict';

// Code shared by the adapters for Node's own requests and responses.

const { STATUS_CODES } = require('node:http');
const { hasBody, isMultiplexed } = require('./body.js');
const { Rejection } = require('./errors.js');
const { EXEMPT, GONE } = require('./gate.js');
const { signWhenComplete } = require('./responses.js');

const CACHE_CONTROL = 'Cache-Control';
// RFC 9110, 16.4.2: a scheme whose credentials are not in Authorization has to forbid shared caching itself.
const PRIVATE = 'private';

// Verifies a request and prepares its response. True when the request may pass; false when a response was sent. A promise where
// that takes time. `url` is the signed target; `req.url` is the one that is routed.
function admit(gate, req, res, url, send = respond) {
  const call = { req, res, url, send };
  const judged = gate.judge(req, url, req.url);
  return judged instanceof Promise ? judged.then((late) => act(gate, late, call)) : act(gate, judged, call);
}

function act(gate, judged, call) {
  if (judged === GONE) return false;
  if (judged === EXEMPT || judged === undefined) return true;
  prepareResponse(gate, judged, call);
  if (judged instanceof Rejection) return reject(gate, judged, call);
  call.req.sealwire = judged;
  return true;
}

// Keeps the response to a verified request out of shared caches, and signs it if the settings ask for it.
function prepareResponse(gate, judged, { req, res, url }) {
  const isVerified = !(judged instanceof Rejection);
  // Set before the application runs, so that its own value replaces this one.
  if (isVerified && !res.hasHeader(CACHE_CONTROL)) res.setHeader(CACHE_CONTROL, PRIVATE);
  if (!gate.responses.isSigned(req.url)) return;
  signWhenComplete(req, res, (response) => gate.signResponse(req, url, judged, response), gate.responses);
}

function reject(gate, rejection, { req, res, send }) {
  const response = gate.rejectionResponse(req, rejection);
  if (response instanceof Promise) return response.then((late) => send(req, res, late));
  return send(req, res, response);
}

// Sends a response, and returns false as `admit` does.
function respond(req, res, { status, headers, body }) {
  if (res.headersSent || res.destroyed) return false;
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  leaveBody(req, res);
  res.end(body);
  return false;
}

// The rest of the body is not read, so an HTTP/1 connection cannot be used again; HTTP/2 ends the one stream.
function leaveBody(req, res) {
  if (!hasBody(req) || req.complete) return;
  if (!isMultiplexed(req)) res.setHeader('Connection', 'close');
  else req.stream.once('finish', () => req.stream.destroy());
}

// Verifies the request of an `upgrade` event, such as a WebSocket handshake. Resolves to true when it may be upgraded, with
// its Identity in `req.sealwire`; to false when the request was rejected and the socket closed.
async function verifyUpgrade(gate, req, socket) {
  const onError = () => socket.destroy(); // without a listener, a reset connection would end the process
  socket.on('error', onError);
  const judged = await gate.judge(upgradeRequest(req, socket), req.url);
  if (socket.destroyed || judged === GONE) return false;
  if (judged instanceof Rejection) {
    refuseUpgrade(socket, await gate.rejectionResponse(req, judged));
    return false;
  }
  socket.off('error', onError);
  if (judged !== EXEMPT && judged !== undefined) req.sealwire = judged;
  return true;
}

// The bytes after an upgrade belong to the new protocol, so the request has no body.
const upgradeRequest = ({ method, url, headers, rawHeaders }, socket) => ({
  method,
  url,
  headers,
  rawHeaders,
  socket,
  readBody: () => undefined,
});

function refuseUpgrade(socket, { status, headers, body }) {
  const bytes = Buffer.from(body);
  const all = { ...headers, 'Content-Length': bytes.length, Connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`);
  socket.end(bytes, () => socket.destroy());
}

module.exports = { admit, CACHE_CONTROL, leaveBody, prepareResponse, PRIVATE, respond, verifyUpgrade };
