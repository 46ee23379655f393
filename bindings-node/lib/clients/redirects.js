'use strict';

// Redirects as defined by the Fetch standard.

const { failure } = require('../errors.js');
const { parseUrl } = require('../parse-url.js');

const STATUSES = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 20;
const CONTENT_HEADERS = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-type',
];
// The headers that must not be sent to another origin, because they are meant for the origin that the caller requested.
const ORIGIN_HEADERS = ['authorization', 'cookie', 'host', 'proxy-authorization'];

const isRedirect = (status) => STATUSES.has(status);

// Returns the method and URL of a redirected request, whether the body is sent again, and the lower-case names of the headers
// that are not sent again.
function redirected({ method, url }, status, location) {
  const target = parseUrl(location, url);
  if (target === undefined) {
    throw failure('SIGN', `a redirect from ${url.origin} has a Location that is not a URL`);
  }
  if (target.hash === '') target.hash = url.hash;
  const isGet = becomesGet(method, status);
  const removed = [
    ...(isGet ? CONTENT_HEADERS : []),
    ...(target.origin === url.origin ? [] : ORIGIN_HEADERS),
  ];
  return { method: isGet ? 'GET' : method, url: target, keepsBody: !isGet, removed };
}

const becomesGet = (method, status) =>
  (status === 303 && method !== 'GET' && method !== 'HEAD') ||
  ((status === 301 || status === 302) && method === 'POST');

module.exports = { isRedirect, MAX_REDIRECTS, ORIGIN_HEADERS, redirected };
