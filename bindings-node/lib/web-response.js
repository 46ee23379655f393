'use strict';

const { Blocks } = require('./blocks.js');
const { addHiddenType, CONTENT_TYPE } = require('./content-type.js');
const { Rejection } = require('./errors.js');
const { EMPTY } = require('./head.js');
const { CACHE_CONTROL, PRIVATE } = require('./node-adapter.js');
const { isEventStream, untransformed, warnUnsigned } = require('./responses.js');

const SWITCHING_PROTOCOLS = 101;

// Prepares the response to a verified or rejected request. Prevents shared caches from storing it, and signs it if response
// signing is enabled.
async function prepared(gate, req, judged, response) {
  if (response.status === SWITCHING_PROTOCOLS || response.status === 0) return response;
  const isVerified = !(judged instanceof Rejection);
  if (!gate.responses.isSigned(req.url)) return isVerified ? keptPrivate(response) : response;
  const headers = new Headers(response.headers);
  if (isVerified && !headers.has(CACHE_CONTROL)) headers.set(CACHE_CONTROL, PRIVATE);
  const { status, statusText } = response;
  const body = await signedBody(gate, req, judged, { response, headers });
  if (body === undefined) return tooLong(gate, req, judged);
  return new Response(body, { status, statusText, headers });
}

// Adds `Cache-Control: private` to a response. The response is copied only if its headers cannot be changed, because a copy can
// lose runtime-specific properties.
function keptPrivate(response) {
  if (response.headers.has(CACHE_CONTROL)) return response;
  try {
    response.headers.set(CACHE_CONTROL, PRIVATE);
    return response;
  } catch {
    const { body, status, statusText } = response;
    const headers = new Headers(response.headers);
    headers.set(CACHE_CONTROL, PRIVATE);
    return new Response(body, { status, statusText, headers });
  }
}

// Adds the signature to the headers, unless the body is too long, and returns the body to send. Returns undefined if the response
// must not be sent.
async function signedBody(gate, req, judged, { response, headers }) {
  const { maxBytes, oversize } = gate.responses;
  if (isEventStream(headers.get(CONTENT_TYPE))) {
    warnUnsigned(req, 'an event stream');
    return response.body;
  }
  const { bytes, rest } = await upTo(maxBytes, response.body);
  if (rest) {
    warnUnsigned(req, 'longer than maxSignedResponseBytes');
    return oversize === 'reject' ? rest.cancel().then(() => undefined) : rest;
  }
  addHiddenType(headers, bytes);
  const seen = req.method === 'HEAD' ? EMPTY : bytes;
  const signed = gate.signResponse(req, req.url, judged, { status: response.status, body: seen });
  for (const [name, value] of Object.entries(signed ?? {})) headers.set(name, value);
  if (signed) headers.set(CACHE_CONTROL, untransformed(headers.get(CACHE_CONTROL) ?? undefined));
  return response.body && bytes;
}

function tooLong(gate, req, judged) {
  const text = 'The response is too long to sign';
  const headers = new Headers({ 'Content-Type': 'text/plain; charset=utf-8' });
  const signed = gate.signResponse(req, req.url, judged, { status: 500, body: Buffer.from(text) });
  for (const [name, value] of Object.entries(signed ?? {})) headers.set(name, value);
  return new Response(text, { status: 500, headers });
}

// Reads a body. Resolves to its bytes. If the body has more than `maxBytes` bytes, resolves to a stream of the complete body.
async function upTo(maxBytes, stream) {
  const blocks = new Blocks();
  const reader = stream?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    blocks.push(value);
    if (blocks.length > maxBytes) return { rest: resumed(blocks.joined(), reader) };
  }
  return { bytes: blocks.joined() };
}

function resumed(held, reader) {
  return new ReadableStream({
    start: (controller) => controller.enqueue(held),
    pull: async (controller) => {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

module.exports = { prepared };
