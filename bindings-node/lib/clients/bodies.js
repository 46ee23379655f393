'use strict';

// Converts request bodies to bytes, for signatures that cover the body.

const { isArrayBuffer } = require('../brands.js');
const { PassThrough } = require('node:stream');
const { failure } = require('../errors.js');

const tagOf = (body) => body?.[Symbol.toStringTag];
const isForm = (body) => tagOf(body) === 'FormData' && typeof body.entries === 'function';
const isBlob = (body) => ['Blob', 'File'].includes(tagOf(body)) && typeof body.arrayBuffer === 'function';
// Returns whether the body is a form from the form-data npm package.
const isFormPackage = (body) => typeof body?.getBoundary === 'function' && typeof body.pipe === 'function';
const isStream = (body) =>
  !isFormPackage(body) && (typeof body?.pipe === 'function' || typeof body?.getReader === 'function');
const isIterable = (body) =>
  typeof body?.[Symbol.asyncIterator] === 'function' || typeof body?.[Symbol.iterator] === 'function';

// Returns the bytes of a body that is in memory. Returns undefined if there is no body, and null if the body must be read with
// `readBody`.
function bytesOf(body) {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return Buffer.from(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  return isArrayBuffer(body) ? new Uint8Array(body) : null;
}

// Resolves to the bytes of a body that is not in memory, and to its content type if the body determines one.
async function readBody(body) {
  if (isForm(body)) return formBytes(body);
  if (isBlob(body)) return { bytes: new Uint8Array(await body.arrayBuffer()), type: body.type || undefined };
  if (isFormPackage(body)) {
    const type = body.getHeaders()['content-type'];
    return { bytes: await collected(body.pipe(new PassThrough())), type };
  }
  if (isStream(body)) throw unreadable(A_STREAM);
  if (isIterable(body)) return { bytes: await collected(body) };
  throw unreadable('a body of this type');
}

// Copies the entries of a form into the runtime's FormData. The global Response does not accept forms from npm packages,
// although they have the same entries.
async function formBytes(form) {
  const copy = new FormData();
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string') copy.append(name, value);
    else copy.append(name, await blobOf(value), value.name);
  }
  const response = new Response(copy);
  const type = response.headers.get('content-type');
  return { bytes: new Uint8Array(await response.arrayBuffer()), type };
}

async function blobOf(file) {
  return file instanceof Blob ? file : new Blob([await file.arrayBuffer()], { type: file.type });
}

async function collected(chunks) {
  const list = [];
  for await (const chunk of chunks) list.push(bytesOf(chunk) ?? Buffer.alloc(0));
  return new Uint8Array(Buffer.concat(list));
}

const A_STREAM = 'a stream';

// Returns the error for a body that cannot be read before the request is signed.
function unreadable(what = A_STREAM) {
  return failure(
    'SIGN',
    `not signed: the signature covers the body, and ${what} cannot be read twice, to sign it and to send it. ` +
      'Read it first, such as with fs.promises.readFile or new Response(stream).arrayBuffer(), and send the bytes',
  );
}

module.exports = { bytesOf, isStream, readBody, unreadable };
