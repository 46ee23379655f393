'use strict';

const { EMPTY } = require('./head.js');

// Answers that are sent without their body, whatever the handler wrote.
const BODILESS = new Set([204, 304]);

// Holds an answer back until it is whole, since its signature goes ahead of it, then asks `sign` for headers by status and
// body. An answer that cannot be signed, to a caller who is unknown, goes out as it is.
function signWhenWhole(req, res, sign) {
  const { end, write, writeHead } = res;
  const chunks = [];
  const keep = (chunk, encoding) => {
    if (chunk === undefined || chunk === null || typeof chunk === 'function') return;
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, stringOr(encoding)) : chunk);
  };
  res.writeHead = (status, ...rest) => {
    res.statusCode = status;
    const [reason, headers = reason] = rest;
    if (typeof reason === 'string') res.statusMessage = reason;
    setHeaders(res, headers);
    return res;
  };
  res.flushHeaders = () => {};
  res.write = (chunk, encoding, callback) => {
    keep(chunk, encoding);
    callbackOf(encoding, callback)?.();
    return true;
  };
  res.end = (chunk, encoding, callback) => {
    keep(chunk, encoding);
    Object.assign(res, { end, write, writeHead });
    const body = Buffer.concat(chunks);
    const seen = req.method === 'HEAD' || BODILESS.has(res.statusCode) ? EMPTY : body;
    setHeaders(res, signed(sign, res.statusCode, seen));
    return res.end(body, callbackOf(chunk, encoding, callback));
  };
}

function signed(sign, status, body) {
  try {
    return sign({ status, body });
  } catch (error) {
    if (error.code === 'SEALWIRE_SIGN') return {};
    throw error;
  }
}

// As writeHead takes them: an object, or a flat list.
function setHeaders(res, headers) {
  if (Array.isArray(headers)) {
    for (let at = 0; at < headers.length; at += 2) res.appendHeader(headers[at], headers[at + 1]);
  } else if (typeof headers === 'object' && headers !== null) {
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  }
}

const stringOr = (encoding) => (typeof encoding === 'string' ? encoding : 'utf8');
const callbackOf = (...candidates) => candidates.find((each) => typeof each === 'function');

module.exports = { signWhenWhole };
