'use strict';

const { isArrayBuffer, isUint8Array } = require('./brands.js');
const { setImmediate: nextTurn } = require('node:timers/promises');
const { Blocks } = require('./blocks.js');
const { failure, warnOnce } = require('./errors.js');
const { GONE, LATE, readStream } = require('./read-stream.js');

// Returns whether a request has a body, according to its head.
function hasBody(req) {
  const { 'content-length': length, 'transfer-encoding': coding } = req.headers;
  if (length !== undefined) return Number(length) !== 0;
  return coding !== undefined || (isMultiplexed(req) && !req.stream?.endAfterHeaders);
}

// Returns whether the request uses HTTP/2, where `socket` and `complete` have another meaning.
const isMultiplexed = (req) => req.httpVersionMajor > 1;

// Passes the body to `take` while it arrives, then puts it back for the next reader, and leaves the bytes in `req.rawBody`.
// Resolves to what `take` returned if that was not undefined, to GONE, to LATE, or to undefined.
async function takeBody(req, take, timeoutMs) {
  const held = hostBody(req);
  if (held !== undefined) {
    req.rawBody = held;
    return take(held);
  }
  if (isWebStream(req)) return takeWebStream(req, take, timeoutMs);
  if (!hasBody(req) || !isStream(req)) return undefined;
  rejectConsumed(req);
  // A body without a length can be empty. A `readable` listener on an ended stream would emit `end` too
  // early, so the stream gets one iteration of the event loop to end first.
  if (req.headers['content-length'] === undefined) await nextTurn();
  if (hasEnded(req) && req.readableLength === 0) return undefined;
  const blocks = new Blocks();
  const stopped = await drained(req, timeoutMs, (chunk) => {
    blocks.push(chunk);
    return take(chunk);
  });
  if (stopped === undefined) restore(req, blocks.joined());
  return stopped;
}

// Returns a body that the host has already read: `rawBody` of cloud functions, or `body` of a request without
// a socket (serverless-http, Nitro's aws-lambda). If there is a socket, `body` comes from a parser and may
// have been decompressed.
function hostBody(req) {
  const { rawBody, body } = req;
  if (isUint8Array(rawBody)) return rawBody;
  if (body === undefined || body === null || isFromSocket(req)) return undefined;
  if (typeof body === 'string') return textBytes(body);
  if (isUint8Array(body)) return body;
  return isArrayBuffer(body) ? Buffer.from(body) : undefined;
}

const LOST = '\ufffd';

// Returns the bytes of a body that the host decoded as text.
function textBytes(text) {
  if (text.includes(LOST)) {
    warnOnce(
      'BODY_DECODED',
      'the host decoded a request body as UTF-8 text and lost bytes of it, so its signature cannot be verified; ' +
        'send such a body as text, for example as base64',
    );
  }
  return Buffer.from(text);
}

// Some hosts, such as Netlify, put the stream of a standard request into `body`.
const isWebStream = (req) => !isFromSocket(req) && typeof req.body?.getReader === 'function';

async function takeWebStream(req, take, timeoutMs) {
  const blocks = new Blocks();
  const keep = (chunk) => {
    blocks.push(chunk);
    return take(chunk);
  };
  const stopped = await readStream(req.body, keep, timeoutMs);
  if (stopped === undefined) req.body = req.rawBody = blocks.joined();
  return stopped;
}

const isFromSocket = (req) =>
  isMultiplexed(req) ||
  (isStream(req) && req.rawHeaders?.length > 0 && typeof req.socket?.write === 'function');

// Internal requests of Nitro are not streams.
const isStream = (req) => req._readableState !== undefined;

function rejectConsumed(req) {
  if (!req.readableDidRead && !req.readableEnded && !req.readableEncoding) return;
  throw failure(
    'BODY_CONSUMED',
    'the request body was read before its signature could be verified; ' +
      'mount hmacAuth before express.json(), multer and every other body parser',
  );
}

// Returns whether the complete body is buffered. `complete` is not sufficient: in HTTP/2 it is false until
// `end` is emitted, and serverless hosts set it from the start.
const hasEnded = (req) => req._readableState.ended;

// Reads only the buffered bytes. Reading further would emit `end`, after which the bytes could not be returned to the stream.
function drained(req, timeoutMs, take) {
  return new Promise((resolve) => {
    const timer = timeoutMs > 0 ? setTimeout(() => done(LATE), timeoutMs) : undefined;
    const done = (result) => {
      clearTimeout(timer);
      for (const event of ENDINGS) req.off(event, onGone);
      req.off('readable', onReadable);
      resolve(result);
    };
    const onGone = () => done(GONE);
    const onReadable = () => {
      while (req.readableLength > 0) {
        const stopped = take(req.read(req.readableLength));
        if (stopped !== undefined) return done(stopped);
      }
      return hasEnded(req) ? done() : undefined;
    };
    for (const event of ENDINGS) req.on(event, onGone);
    req.on('readable', onReadable);
  });
}

const ENDINGS = ['close', 'aborted', 'error'];

function restore(req, body) {
  req.rawBody = body;
  if (body.length > 0) req.unshift(body);
}

module.exports = { GONE, hasBody, isMultiplexed, LATE, takeBody };
