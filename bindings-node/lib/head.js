'use strict';

// Joins the parts of a request head into one string for the native addon (src/head.rs). The parts contain only Latin-1
// characters, so each character is one byte.

const { isArrayBuffer, isUint8Array } = require('./brands.js');
const { failure } = require('./errors.js');
const native = require('./native.js');
const { parseUrl } = require('./parse-url.js');

// Matches characters outside Latin-1.
const WIDE = /[^\0-\xff]/;

// Converts headers to a flat list like `req.rawHeaders`. An object can contain one value or an array of values for each name.
// Loops are used because `flatMap` would take longer than signing.
const flatHeaders = (headers = []) => (isFlat(headers) ? headers : pushHeaders([], headers));

// Returns the parts of a head as one list: first the parts in `lead`, then the headers.
const partsOf = (lead, headers = []) =>
  isFlat(headers) ? [...lead, ...headers] : pushHeaders(lead, headers);

const isFlat = (headers) => Array.isArray(headers) && !Array.isArray(headers[0]);

const { hasOwnProperty: hasOwn } = Object.prototype;

function pushHeaders(list, headers) {
  if (typeof headers !== 'object' || headers === null) throw noHeaders();
  if (typeof headers.entries === 'function') {
    for (const [name, value] of headers[Symbol.iterator]()) pushHeader(list, name, value);
  } else {
    // V8 optimises property access in a for-in loop. A loop over Object.keys() would be slower.
    for (const name in headers) if (hasOwn.call(headers, name)) pushHeader(list, name, headers[name]);
  }
  return list;
}

const noHeaders = () =>
  failure('CONFIG', 'headers: pass an object, a Headers object, or a list of names and values');

function pushHeader(flat, name, value) {
  if (value === undefined) return;
  if (Array.isArray(value)) for (const each of value) flat.push(name, each);
  else flat.push(name, typeof value === 'string' ? value : String(value));
}

const SLASH = '/'.charCodeAt(0);

// Returns the target, authority and scheme of a URL. An absolute URL is normalised in the same way as `fetch` does.
function splitUrl(url, authority = '', scheme = 'https') {
  const text = String(url);
  if (text.charCodeAt(0) === SLASH || text === '*') return { target: text, authority, scheme };
  const split = isWide(text) ? null : native.splitUrl(text);
  return split ? { target: split[0], authority: split[1], scheme: split[2] } : parsedUrl(text);
}

function parsedUrl(text) {
  const refusal = native.urlRefusal(text);
  if (refusal !== null) throw failure('SIGN', refusal);
  const { pathname, search, host, protocol } = parse(text);
  return { target: pathname + search, authority: host, scheme: protocol.slice(0, -1) };
}

function parse(text) {
  const url = parseUrl(text);
  if (url === undefined) throw failure('SIGN', native.urlRefusal(''));
  return url;
}

// Returns the bytes of a body. A string is encoded as UTF-8, in the same way as `fetch` does.
function bodyBytes(body) {
  if (body === undefined || body === null || isUint8Array(body)) return body ?? undefined;
  if (typeof body === 'string') return Buffer.from(body);
  if (isArrayBuffer(body)) return new Uint8Array(body);
  throw failure('CONFIG', 'body: pass the bytes as they are sent: a string, a Uint8Array or an ArrayBuffer');
}

const isWide = (text) => WIDE.test(text);

function beyondLatin1() {
  throw failure('CONFIG', 'a method, URL or header contains a character beyond latin-1; percent-encode it');
}

// Returns the names as V8 internalised strings. Property access with other strings takes ten times as long.
const asKeys = (names) => Object.keys(Object.fromEntries(names.map((name) => [name, 0])));

const EMPTY = new Uint8Array(0);

// Joins the parts of a head. Throws an error for characters outside Latin-1, because the native addon would truncate them.
// `join` returns a flat string, which the regular expression can search fast. A concatenated string would first have to be
// flattened, which takes longer than reading it as UTF-16.
function joinHead(parts) {
  const head = parts.join('\n');
  return isWide(head) ? beyondLatin1() : head;
}

const { sent, messageHeaders } = native.catalog();
const SENT = asKeys(sent);
const FIRST = 'a'.charCodeAt(0);
const [INPUT_AT, SIGNATURE_AT, DIGEST_AT] = messageHeaders.map((header) =>
  sent.findIndex((name) => name.toLowerCase() === header),
);
const [INPUT, SIGNATURE, DIGEST] = [INPUT_AT, SIGNATURE_AT, DIGEST_AT].map((place) => SENT[place]);

// Converts signed headers from the native addon to an object. Each line consists of a letter that stands for the name, the
// value, and a line break (src/shared/lines.rs).
function sentHeaders(lines) {
  const headers = {};
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf('\n', at);
    set(headers, lines.charCodeAt(at) - FIRST, lines.slice(at + 1, end));
    at = end + 1;
  }
  return headers;
}

// Sets a header. Each header of `message` has a separate statement, because V8 executes assignments to constant property names
// faster.
function set(headers, place, value) {
  if (place === INPUT_AT) headers[INPUT] = value;
  else if (place === SIGNATURE_AT) headers[SIGNATURE] = value;
  else if (place === DIGEST_AT) headers[DIGEST] = value;
  else headers[SENT[place]] = value;
}

module.exports = {
  asKeys,
  beyondLatin1,
  bodyBytes,
  EMPTY,
  flatHeaders,
  isWide,
  joinHead,
  partsOf,
  sentHeaders,
  splitUrl,
};
