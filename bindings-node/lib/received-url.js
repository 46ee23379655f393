'use strict';

const { failure } = require('./errors.js');
const { flatHeaders, splitUrl } = require('./head.js');
const { parseUrl } = require('./parse-url.js');

const ABSOLUTE = /^\s*https?:/i;

// Returns the target, authority and scheme of a received request, and the target that path rules apply to (`routed`). `url` is
// a request target, an absolute URL or a URL object. An absolute URL is normalised in the same way as for signing.
function receivedUrl(url, headers, authority = '', scheme) {
  const text = textOf(url);
  const split = ABSOLUTE.test(text) ? splitOrUndefined(text) : undefined;
  const isHost = split !== undefined && namesHost(url, split, authority || hostIn(headers));
  if (isHost) return { ...split, scheme: scheme ?? split.scheme, routed: routedBy(text, split.target) };
  const isTaken = split !== undefined && url !== text;
  return { target: isTaken ? split.target : text, authority, scheme, routed: '' };
}

function textOf(url) {
  const text = typeof url === 'string' ? url : url?.href;
  if (typeof text === 'string') return text;
  throw failure('CONFIG', 'url: pass a request target, an absolute URL or a URL object');
}

// Returns whether to use the authority in the URL. It is used if the request has no `Host` header, or if the URL is a string
// with the same host. If there is a `Host` header, the host of a URL object is ignored, because frameworks create URL objects
// with arbitrary hosts: `new URL(req.url, 'http://localhost')`. A string with a different host is a request target in absolute
// form. The core crate compares its host with the header.
const namesHost = (url, { authority, scheme }, host) =>
  host === '' || (typeof url === 'string' && parseUrl(`${scheme}://${host}/`)?.host === authority);

// Returns the path in the given URL if it differs from the signed path, otherwise an empty string. The application may use the
// path in the given URL for routing.
function routedBy(text, target) {
  const [, given] = PATH.exec(text);
  if (given === '' || given === target.split('?', 1)[0]) return '';
  return given.replace(WIDE, (wide) => encodeURIComponent(wide.toWellFormed()));
}

const PATH = /^\s*[a-z]+:[/\\]*[^/\\?#]*([^?#]*)/i;
const WIDE = /[^\0-\xff]+/g;

function hostIn(headers) {
  const flat = flatHeaders(headers);
  const at = flat.findIndex((name, at) => at % 2 === 0 && /^host$/i.test(name));
  return at === -1 ? '' : flat[at + 1];
}

function splitOrUndefined(text) {
  try {
    return splitUrl(text);
  } catch {
    return undefined;
  }
}

module.exports = { receivedUrl };
