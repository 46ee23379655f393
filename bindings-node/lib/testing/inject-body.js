'use strict';

// Converts the request body that is passed to `inject` to the bytes that the signature covers.

const { types } = require('node:util');
const { failure } = require('../errors.js');

const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';
const JSON_TYPE = 'application/json';

// Returns a body's bytes and content type. For a FormData or a Blob, returns a promise.
function bodyOf(body) {
  if (body === undefined || body === null) return {};
  if (typeof body === 'string') return { bytes: Buffer.from(body) };
  if (types.isAnyArrayBuffer(body)) return { bytes: Buffer.from(body) };
  if (ArrayBuffer.isView(body)) return { bytes: Buffer.from(body.buffer, body.byteOffset, body.byteLength) };
  if (body instanceof URLSearchParams) return { bytes: Buffer.from(body.toString()), type: FORM };
  if (isReadAsynchronously(body)) return read(body);
  if (isStream(body)) {
    throw failure(
      'SIGN',
      'payload: the signature covers it; pass a string, bytes, a form or an object, not a stream',
    );
  }
  return { bytes: Buffer.from(json(body)), type: JSON_TYPE };
}

const isReadAsynchronously = (body) => ['FormData', 'Blob', 'File'].includes(body[Symbol.toStringTag]);

const isStream = (body) =>
  typeof body.pipe === 'function' ||
  typeof body.resume === 'function' ||
  Symbol.asyncIterator in Object(body);

async function read(body) {
  const whole = new Response(body);
  return {
    bytes: Buffer.from(await whole.arrayBuffer()),
    type: whole.headers.get('content-type') ?? undefined,
    isForm: body[Symbol.toStringTag] === 'FormData',
  };
}

function json(body) {
  const text = JSON.stringify(body);
  if (text === undefined) throw failure('SIGN', `payload: a ${typeof body} is not a body`);
  return text;
}

module.exports = { bodyOf };
