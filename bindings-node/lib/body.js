'use strict';

const { setImmediate: nextTurn } = require('node:timers/promises');
const { failure } = require('./errors.js');

const GONE = Symbol('the client went away');

// Whether a request carries a body, as far as its head tells.
function hasBody(req) {
  const { 'content-length': length, 'transfer-encoding': coding } = req.headers;
  return (length !== undefined && length !== '0') || coding !== undefined || req.httpVersionMajor > 1;
}

// Hands the body to `take`, piece by piece as it arrives, then puts it back for whoever reads the request next, and
// leaves the bytes in `req.rawBody`. Resolves to what `take` refused with, to GONE, or to undefined.
async function takeBody(req, take) {
  if (req.rawBody instanceof Uint8Array) return take(req.rawBody);
  if (!hasBody(req)) return undefined;
  refuseConsumed(req);
  // A chunked body may prove empty. Listening to one that has just ended would announce its end, so it may end first.
  if (req.headers['content-length'] === undefined) await nextTurn();
  if (req.complete && req.readableLength === 0) return undefined;
  const chunks = [];
  const ended = await drained(req, (chunk) => {
    chunks.push(chunk);
    return take(chunk);
  });
  if (ended === undefined) restore(req, Buffer.concat(chunks));
  return ended;
}

function refuseConsumed(req) {
  if (!req.readableDidRead && !req.readableEnded && !req.readableEncoding) return;
  throw failure(
    'BODY_CONSUMED',
    'the request body was read before its signature could be verified; ' +
      'mount hmacAuth before express.json(), multer and whatever else reads bodies',
  );
}

// Reads exactly what is buffered, and never past it: a read at the end would announce the end, after which nothing can
// be put back.
function drained(req, take) {
  return new Promise((resolve) => {
    const done = (result) => {
      req.off('readable', onReadable).off('close', onGone).off('error', onGone);
      resolve(result);
    };
    const onGone = () => done(GONE);
    const onReadable = () => {
      while (req.readableLength > 0) {
        const refused = take(req.read(req.readableLength));
        if (refused !== undefined) return done(refused);
      }
      return req.complete ? done() : undefined;
    };
    req.on('readable', onReadable).on('close', onGone).on('error', onGone);
  });
}

function restore(req, body) {
  req.rawBody = body;
  if (body.length > 0) req.unshift(body);
}

module.exports = { GONE, hasBody, takeBody };
