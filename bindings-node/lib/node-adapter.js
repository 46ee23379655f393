'use strict';

// Functions for the adapters that use Node.js requests and responses.

const { STATUS_CODES } = require('node:http');
const { hasBody, isMultiplexed } = require('./body.js');
const { SOURCE } = require('./claims.js');
const { Rejection } = require('./errors.js');
const { EXEMPT, GONE } = require('./gate.js');
const native = require('./native.js');
const { signWhenComplete } = require('./responses.js');

const { cacheControlHeader: CACHE_CONTROL, verifiedCacheControl: PRIVATE } = native.catalog();

// Verifies a request and prepares its response. Returns true if the request is accepted, and false if it was rejected or the
// connection was closed. Returns a promise if the verification must wait. `url` is the signed target, and `req.url` is the
// target that the application uses for routing.
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

// Prevents shared caches from storing the response to a verified request. Signs the response if response signing is enabled.
function prepareResponse(gate, judged, { req, res, url }) {
  const isVerified = !(judged instanceof Rejection);
  // The header is set before the application runs, so that the application can replace it.
  if (isVerified && !res.hasHeader(CACHE_CONTROL)) res.setHeader(CACHE_CONTROL, PRIVATE);
  if (!gate.responses.isSigned(req.url)) return;
  signWhenComplete(req, res, (response) => gate.signResponse(req, url, judged, response), gate.responses);
}

function reject(gate, rejection, { req, res, send }) {
  const response = gate.rejectionResponse(req, rejection);
  if (response instanceof Promise) return response.then((late) => send(req, res, late));
  return send(req, res, response);
}

// Sends the response to a rejected request. Returns false, which `admit` then returns.
function respond(req, res, { status, headers, body }) {
  if (res.headersSent || res.destroyed) return false;
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  leaveBody(req, res);
  res.end(body);
  return false;
}

// Prepares the response to a request whose body was not read completely. In HTTP/1, the connection cannot be reused, so it is
// closed. In HTTP/2, only the stream is closed.
function leaveBody(req, res) {
  if (!hasBody(req) || req.complete) return;
  if (!isMultiplexed(req)) res.setHeader('Connection', 'close');
  else req.stream.once('finish', () => req.stream.destroy());
}

// Verifies the request in an `upgrade` event, such as a WebSocket handshake. If the request is accepted, sets `req.sealwire` to
// its Identity and resolves to true. If the request is rejected, closes the socket and resolves to false.
async function verifyUpgrade(gate, req, socket) {
  const onError = () => socket.destroy(); // without an error listener, a connection reset would terminate the process
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

// Returns the request without a body, because the bytes after the head of an upgrade request belong to the new protocol.
function upgradeRequest(req, socket) {
  const { method, url, headers, rawHeaders } = req;
  return { [SOURCE]: req, method, url, headers, rawHeaders, socket, readBody: () => undefined };
}

function refuseUpgrade(socket, { status, headers, body }) {
  const bytes = Buffer.from(body);
  const all = { ...headers, 'Content-Length': bytes.length, Connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`);
  socket.end(bytes, () => socket.destroy());
}

module.exports = { admit, CACHE_CONTROL, leaveBody, prepareResponse, PRIVATE, respond, verifyUpgrade };
