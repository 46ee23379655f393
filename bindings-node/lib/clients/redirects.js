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

const isRedirect = (status) => STATUSES.has(status);

// Returns the method and URL of a redirected request, and whether the body is sent again.
function redirected({ method, url }, status, location) {
  const target = parseUrl(location, url);
  if (target === undefined) {
    throw failure('SIGN', `a redirect from ${url.origin} has a Location that is not a URL`);
  }
  if (target.hash === '') target.hash = url.hash;
  const becomesGet =
    (status === 303 && method !== 'GET' && method !== 'HEAD') ||
    ((status === 301 || status === 302) && method === 'POST');
  return { method: becomesGet ? 'GET' : method, url: target, keepsBody: !becomesGet };
}

module.exports = { CONTENT_HEADERS, isRedirect, MAX_REDIRECTS, redirected };
