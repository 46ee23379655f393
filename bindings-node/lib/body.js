'use strict';

const { isArrayBuffer, isUint8Array } = require('./brands.js');
const { setImmediate: nextTurn } = require('node:timers/promises');
const { Blocks } = require('./blocks.js');
const { failure, warnOnce } = require('./errors.js');
const { GONE, LATE, readStream } = require('./read-stream.js');
const { limitedDelay } = require('./timer-limit.js');

// Returns whether a request has a body, based on its head.
function hasBody(req) {
  const { 'content-length': length, 'transfer-encoding': coding } = req.headers;
  if (length !== undefined) return Number(length) !== 0;
  return coding !== undefined || (isMultiplexed(req) && !req.stream?.endAfterHeaders);
}

// Returns whether the request uses HTTP/2, where the `socket` and `complete` properties have a different meaning.
const isMultiplexed = (req) => req.httpVersionMajor > 1;

// Reads a request body and passes its chunks to `take`. If `take` returns a value, reading stops and the promise resolves to
// this value. The promise resolves to GONE if the client closed the connection, and to LATE if the body did not arrive in time.
// Otherwise it resolves to undefined. The body can then be read again from the request, and its bytes are in `req.rawBody`.
async function takeBody(req, take, timeoutMs) {
  const held = hostBody(req);
  if (held !== undefined) {
    req.rawBody = held;
    return take(held);
  }
  if (isWebStream(req)) return takeWebStream(req, take, timeoutMs);
  if (!hasBody(req) || !isStream(req)) return undefined;
  rejectConsumed(req);
  // A body without Content-Length can be empty. This waits for one iteration of the event loop, during which an empty stream
  // ends. Otherwise, the `readable` listener below would make an empty stream emit `end` before the application reads it.
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

// Returns the body if the host has already read it. Cloud functions set `rawBody`. Hosts without a socket, such as
// serverless-http and Nitro's aws-lambda preset, set `body`. If the request has a socket, `body` is not used, because it
// was set by a body parser, which may have decompressed the body.
function hostBody(req) {
  const { rawBody, body } = req;
  if (isUint8Array(rawBody)) return rawBody;
  if (body === undefined || body === null || isFromSocket(req)) return undefined;
  if (typeof body === 'string') return textBytes(body);
  if (isUint8Array(body)) return body;
  return isArrayBuffer(body) ? Buffer.from(body) : undefined;
}

const LOST = '\ufffd';

// Returns the bytes of a body that the host decoded as UTF-8 text. Emits a warning if the decoding lost bytes.
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

// Some hosts, such as Netlify, set `body` to the body stream of a standard Request.
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

// Requests that Nitro creates for internal calls are not streams.
const isStream = (req) => req._readableState !== undefined;

function rejectConsumed(req) {
  if (!req.readableDidRead && !req.readableEnded && !req.readableEncoding) return;
  throw failure(
    'BODY_CONSUMED',
    'the request body was read before its signature could be verified; ' +
      'mount hmacAuth before express.json(), multer and every other body parser',
  );
}

// Returns whether the complete body is buffered. The `complete` property cannot be used for this: in HTTP/2 it is false until
// `end` is emitted, and on serverless hosts it is true from the start.
const hasEnded = (req) => req._readableState.ended;

// Reads the body, but never more bytes than are buffered. Reading past the last byte would emit `end`, and then the bytes could
// not be put back into the stream.
function drained(req, timeoutMs, take) {
  return new Promise((resolve) => {
    const timer = timeoutMs > 0 ? setTimeout(() => done(LATE), limitedDelay(timeoutMs)) : undefined;
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
