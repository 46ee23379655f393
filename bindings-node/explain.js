'use strict';

// Explains why a captured request was rejected. The analysis is implemented in Rust, for all languages.

const { failure } = require('./lib/errors.js');
const { KeyRing } = require('./lib/key-ring.js');
const native = require('./lib/native.js');

function explain(input) {
  if (typeof input !== 'object' || input === null) {
    throw failure('CONFIG', 'explain(): pass an object with capture, keys and service');
  }
  const { keys, capture, sent, ...rest } = input;
  const request = { ...rest, ...content('capture', capture), ...content('sent', sent) };
  // The native function returns the result as JSON, a form feed, and the result as text.
  const [json, text] = native.explainRejection(KeyRing.handle(keys), encoded(request)).split('\f');
  return { ...JSON.parse(json), text };
}

// Returns the input as JSON. Throws a SEALWIRE_CONFIG error for values that JSON does not support. JSON.stringify() would
// silently omit functions, and write null for NaN and Infinity.
function encoded(request) {
  try {
    return JSON.stringify(request, function (name, value) {
      if (isLost(this[name])) throw failure('CONFIG', `explain(): ${name}: the value is not supported`);
      return value;
    });
  } catch (cause) {
    if (cause.code === 'SEALWIRE_CONFIG') throw cause;
    throw failure('CONFIG', 'explain(): the input cannot be written as JSON');
  }
}

function isLost(value) {
  if (typeof value === 'number' || value instanceof Date) return !Number.isFinite(Number(value));
  return ['bigint', 'function', 'symbol'].includes(typeof value);
}

// Converts a member of the input. Bytes are encoded as Base64, because JSON does not support bytes.
function content(name, value) {
  if (!(value instanceof Uint8Array)) return { [name]: value };
  let characters = '';
  for (const byte of value) characters += String.fromCharCode(byte);
  return { [`${name}Base64`]: btoa(characters) };
}

module.exports = { explain };
