'use strict';

// Joins a request's head for the native side (src/head.rs). Parts are latin-1, a character for a byte of the wire.

const { failure } = require('./errors.js');

// Any character that no byte stands for.
const WIDE = /[^\0-\xff]/;

// `headers`: a flat list as in `req.rawHeaders`, or names with a value or several.
function flatHeaders(headers = []) {
  if (Array.isArray(headers)) return Array.isArray(headers[0]) ? headers.flat() : headers;
  const entries = typeof headers.entries === 'function' ? [...headers.entries()] : Object.entries(headers);
  return entries.flatMap(([name, value]) => {
    if (value === undefined) return [];
    return Array.isArray(value) ? value.flatMap((each) => [name, each]) : [name, String(value)];
  });
}

// Target, authority and scheme of a URL: of an absolute one as fetch would send it, else as given.
function splitUrl(url, authority = '', scheme = 'https') {
  const text = String(url);
  if (text.startsWith('/') || text === '*') return { target: text, authority, scheme };
  const parsed = URL.parse ? URL.parse(text) : URL.canParse(text) ? new URL(text) : null;
  if (!parsed?.host) {
    throw failure('SIGN', `the URL must start with / or be absolute, such as https://iam.internal/path`);
  }
  return {
    target: parsed.pathname + parsed.search,
    authority: parsed.host,
    scheme: parsed.protocol.slice(0, -1),
  };
}

// The body's bytes; text is UTF-8, as fetch sends it.
function bodyBytes(body) {
  if (body === undefined || body === null || body instanceof Uint8Array) return body ?? undefined;
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw failure('CONFIG', 'body: give the bytes as they are sent: a string, a Uint8Array or an ArrayBuffer');
}

function latin1(head) {
  if (WIDE.test(head)) {
    throw failure('CONFIG', 'a method, URL or header holds a character beyond latin-1; percent-encode it');
  }
  return head;
}

const EMPTY = new Uint8Array(0);

const joinHead = (lead, flat) => (flat.length === 0 ? lead : `${lead}\n${flat.join('\n')}`);

// Header lines that come back joined, as an object.
function unflattened(lines) {
  const flat = lines.split('\n');
  const headers = {};
  for (let at = 0; at < flat.length; at += 2) headers[flat[at]] = flat[at + 1];
  return headers;
}

module.exports = { bodyBytes, EMPTY, flatHeaders, joinHead, latin1, splitUrl, unflattened };
