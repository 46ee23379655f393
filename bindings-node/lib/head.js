'use strict';

// Joins the head of a request for the native addon (src/head.rs). Parts are Latin-1, with one character per
// byte.

const { isArrayBuffer, isUint8Array } = require('./brands.js');
const { failure } = require('./errors.js');
const native = require('./native.js');
const { parseUrl } = require('./parse-url.js');

// Matches characters that do not represent a byte.
const WIDE = /[^\0-\xff]/;

// `headers` is a flat list like `req.rawHeaders`, or an object with one or several values per name. Uses
// loops, because `flatMap` would cost more than a signature.
const flatHeaders = (headers = []) => (isFlat(headers) ? headers : pushHeaders([], headers));

// Returns the parts of a head: `lead`, followed by the headers. Creates a single list, because V8 joins a
// list at once.
const partsOf = (lead, headers = []) =>
  isFlat(headers) ? [...lead, ...headers] : pushHeaders(lead, headers);

const isFlat = (headers) => Array.isArray(headers) && !Array.isArray(headers[0]);

const { hasOwnProperty: hasOwn } = Object.prototype;

function pushHeaders(list, headers) {
  if (typeof headers.entries === 'function') {
    for (const [name, value] of headers[Symbol.iterator]()) pushHeader(list, name, value);
  } else {
    // V8 optimises property access in this kind of loop; access by names from a list is slower.
    for (const name in headers) if (hasOwn.call(headers, name)) pushHeader(list, name, headers[name]);
  }
  return list;
}

function pushHeader(flat, name, value) {
  if (value === undefined) return;
  if (Array.isArray(value)) for (const each of value) flat.push(name, each);
  else flat.push(name, typeof value === 'string' ? value : String(value));
}

const SLASH = '/'.charCodeAt(0);

// Returns the target, authority and scheme of a URL. An absolute URL is normalised like in fetch.
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

// Returns the bytes of a body. Text is encoded as UTF-8, like in fetch.
function bodyBytes(body) {
  if (body === undefined || body === null || isUint8Array(body)) return body ?? undefined;
  if (typeof body === 'string') return Buffer.from(body);
  if (isArrayBuffer(body)) return new Uint8Array(body);
  throw failure('CONFIG', 'body: give the bytes as they are sent: a string, a Uint8Array or an ArrayBuffer');
}

const isWide = (text) => WIDE.test(text);

function beyondLatin1() {
  throw failure('CONFIG', 'a method, URL or header contains a character beyond latin-1; percent-encode it');
}

// Returns the names as internalised strings, because property access with other strings takes ten times as
// long.
const asKeys = (names) => Object.keys(Object.fromEntries(names.map((name) => [name, 0])));

const EMPTY = new Uint8Array(0);

// Joins and checks parts. The native addon reads a head as Latin-1, which truncates other characters. A
// joined list is a flat string, so the regular expression is fast. A concatenated string would have to be
// flattened first, which costs more than reading it as UTF-16.
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

// Returns signed headers as an object. Each line consists of a letter for the name, the value and a line
// break (src/sign.rs).
function sentHeaders(lines) {
  const headers = {};
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf('\n', at);
    set(headers, lines.charCodeAt(at) - FIRST, lines.slice(at + 1, end));
    at = end + 1;
  }
  return headers;
}

// One statement for each name of `message`, because a single statement with variable names is slower in V8.
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
