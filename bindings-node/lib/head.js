'use strict';

// Joins a request's head for the native side (src/head.rs). Parts are latin-1, a character for a byte of the wire.

const { failure } = require('./errors.js');
const native = require('./native.js');

// Any character that no byte stands for.
const WIDE = /[^\0-\xff]/;

// `headers`: a flat list as in `req.rawHeaders`, or names with a value or several. Loops, since this stands between most
// calls and their work, and `flatMap` costs more than a signature.
const flatHeaders = (headers = []) => (isFlat(headers) ? headers : pushHeaders([], headers));

// The parts of a head: those of `lead`, then of the headers. One list from the start, since V8 joins a list at once.
const partsOf = (lead, headers = []) =>
  isFlat(headers) ? [...lead, ...headers] : pushHeaders(lead, headers);

const isFlat = (headers) => Array.isArray(headers) && !Array.isArray(headers[0]);

const { hasOwnProperty: hasOwn } = Object.prototype;

function pushHeaders(list, headers) {
  if (typeof headers.entries === 'function') {
    for (const [name, value] of headers[Symbol.iterator]()) pushHeader(list, name, value);
  } else {
    // Of such a loop V8 knows where each value stands; names out of a list it looks up.
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

// Target, authority and scheme of a URL: of an absolute one as fetch would send it, else as given.
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

// Not `URL.canParse`: it refuses Latin-1 text beyond ASCII once V8 has optimised its caller.
function parse(text) {
  try {
    return new URL(text);
  } catch {
    throw failure('SIGN', native.urlRefusal(''));
  }
}

// The body's bytes; text is UTF-8, as fetch sends it.
function bodyBytes(body) {
  if (body === undefined || body === null || body instanceof Uint8Array) return body ?? undefined;
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw failure('CONFIG', 'body: give the bytes as they are sent: a string, a Uint8Array or an ArrayBuffer');
}

const isWide = (text) => WIDE.test(text);

function beyondLatin1() {
  throw failure('CONFIG', 'a method, URL or header holds a character beyond latin-1; percent-encode it');
}

// The same names as V8 keeps property keys: looking one up by a string made elsewhere costs ten times as much.
const asKeys = (names) => Object.keys(Object.fromEntries(names.map((name) => [name, 0])));

const EMPTY = new Uint8Array(0);

// Joins parts and checks them: the native side reads a head as latin-1, which truncates other characters. A
// joined list is flat, so the regular expression is fast. A concatenation must be flattened first, which costs
// more than reading it as UTF-16.
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

// Signed headers as an object. Each comes as a letter for its name, its value and a line break (src/sign.rs).
function sentHeaders(lines) {
  const headers = {};
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf('\n', at);
    set(headers, lines.charCodeAt(at) - FIRST, lines.slice(at + 1, end));
    at = end + 1;
  }
  return headers;
}

// One statement per name of `message`, because V8 looks the name up again if one statement sets many.
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
