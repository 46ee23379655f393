'use strict';

// The first undici version whose `fetch` sends the `?` of an empty query. Bun and Deno also send it.
const [MAJOR, MINOR] = [7, 23];

// If a path starts with several slashes, Bun's `fetch` sends only one of them.
const isBun = process.versions.bun !== undefined;

const keepsEmptyQuery = hasNewFetch(process.versions.undici);

function hasNewFetch(undici) {
  if (undici === undefined) return true;
  const [major, minor] = undici.split('.').map(Number);
  return major > MAJOR || (major === MAJOR && minor >= MINOR);
}

// Returns the target that this runtime's `fetch` sends for a URL object.
function fetchedTarget(url) {
  const { pathname, search } = url;
  const path = isBun ? pathname.replace(/^\/+/, '/') : pathname;
  return path + (keepsEmptyQuery && hasEmptyQuery(url) ? '?' : search);
}

const hasEmptyQuery = ({ search, href }) => search === '' && href.split('#', 1)[0].endsWith('?');

// Returns a URL object without the `?` of an empty query. All versions of `fetch` send such a URL in the same way.
function withoutEmptyQuery(url) {
  if (!hasEmptyQuery(url)) return url;
  const clean = new URL(url);
  clean.search = '';
  return clean;
}

module.exports = { fetchedTarget, hasNewFetch, withoutEmptyQuery };
