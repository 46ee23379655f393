'use strict';

// The origins to which a client may send signatures. An origin consists of a scheme, a host and a port.

const { failure } = require('../errors.js');
const { parseUrl } = require('../parse-url.js');

const PROTOCOLS = new Set(['http:', 'https:']);

// Returns the `origins` setting as a list, or undefined if it is not set.
function originsFrom(origins) {
  if (origins === undefined) return undefined;
  if (!Array.isArray(origins) || origins.length === 0) {
    throw failure('CONFIG', "origins: pass a list, such as ['https://iam.internal']");
  }
  return origins.map(originFrom);
}

function originFrom(given) {
  const url = parseUrl(given);
  const isOrigin = PROTOCOLS.has(url?.protocol) && [url.origin, `${url.origin}/`].includes(url.href);
  if (!isOrigin) {
    throw failure(
      'CONFIG',
      `origins: ${JSON.stringify(String(given))} is not an origin; use scheme, host and port only, ` +
        'such as https://iam.internal',
    );
  }
  return url.origin;
}

// Throws an error if the origin of `url` is not in `allowed`. If the request was redirected, `from` is the URL that redirected
// to `url`.
function requireOrigin(allowed, url, from) {
  if (allowed.includes(url.origin)) return;
  const what = from ? `a redirect leads from ${from.origin} to ${originOf(url)}` : `for ${originOf(url)}`;
  throw failure(
    'SIGN',
    `not signed: ${what}, and this client signs for ${allowed.join(', ')}. ` +
      `No request was sent to ${originOf(url)}. If the keys are meant for it too, add it to origins`,
  );
}

// Returns the origin of a URL for an error message. For URLs whose scheme is neither http nor https, returns the complete URL,
// because their origin is "null".
const originOf = (url) => (url.origin === 'null' ? url.href : url.origin);

// Throws an error if the Host header differs from the host in the URL. Otherwise, the signature would be for a different host
// than the one that the client connects to.
function requireHost(url, host) {
  if (host === undefined || host === null) return;
  const named = parseUrl(`${url.protocol}//${host}`);
  if (named?.host === url.host && named.pathname === '/') return;
  throw failure(
    'SIGN',
    `not signed: the Host header is ${JSON.stringify(String(host))}, but the URL goes to ${url.host}; ` +
      'remove the header, or call that host',
  );
}

module.exports = { originFrom, originsFrom, requireHost, requireOrigin };
