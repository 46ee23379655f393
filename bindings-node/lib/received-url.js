'use strict';

const { flatHeaders, splitUrl } = require('./head.js');
const { parseUrl } = require('./parse-url.js');

const ABSOLUTE = /^\s*https?:/i;

// Returns the target, authority and scheme of a received request, and the target for path rules. `url` is a target, an absolute
// URL or a URL object. An absolute URL is normalised as for signing, because clients send it in this form.
function receivedUrl(url, headers, authority = '', scheme) {
  const text = typeof url === 'string' ? url : url.href;
  const split = ABSOLUTE.test(text) ? splitOrUndefined(text) : undefined;
  const isHost = split !== undefined && namesHost(url, split, authority || hostIn(headers));
  if (isHost) return { ...split, scheme: scheme ?? split.scheme, routed: routedBy(text, split.target) };
  const isTaken = split !== undefined && url !== text;
  return { target: isTaken ? split.target : text, authority, scheme, routed: '' };
}

// Returns whether the URL contains the host of the request. The `Host` header takes precedence over a URL object,
// because frameworks use arbitrary hosts: `new URL(req.url, 'http://localhost')`. A string may be a target in absolute
// form, whose host core compares.
const namesHost = (url, { authority, scheme }, host) =>
  host === '' || (typeof url === 'string' && parseUrl(`${scheme}://${host}/`)?.host === authority);

// Returns the given path if it differs from the signed one, because the application may route the given path.
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
