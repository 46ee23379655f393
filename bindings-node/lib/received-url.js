'use strict';

const { flatHeaders, splitUrl } = require('./head.js');
const { parseUrl } = require('./parse-url.js');

const ABSOLUTE = /^\s*https?:/i;

// The target, authority and scheme of a received request, and the target that rules are judged on. An absolute URL means what
// core says, because clients send it so. `url` is a target, an absolute URL or a URL object.
function receivedUrl(url, headers, authority = '', scheme) {
  const text = typeof url === 'string' ? url : url.href;
  const split = ABSOLUTE.test(text) ? splitOrUndefined(text) : undefined;
  const isHost = split !== undefined && namesHost(url, split, authority || hostIn(headers));
  if (isHost) return { ...split, scheme: scheme ?? split.scheme, routed: routedBy(text, split.target) };
  const isTaken = split !== undefined && url !== text;
  return { target: isTaken ? split.target : text, authority, scheme, routed: '' };
}

// Whether the host of a URL is the one of the request. Frameworks make up the host of a URL object, as in
// `new URL(req.url, 'http://localhost')`. A text may be a target in absolute form: core compares another host with `Host`.
const namesHost = (url, { authority, scheme }, host) =>
  host === '' || (typeof url === 'string' && parseUrl(`${scheme}://${host}/`)?.host === authority);

// The path as it was given, where it is not the one that was signed: an application may route it by the one or by the other.
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
