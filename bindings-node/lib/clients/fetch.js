'use strict';

const { failure } = require('../errors.js');
const { parseUrl } = require('../parse-url.js');
const { fetchedTarget, withoutEmptyQuery } = require('./fetched-target.js');
const { originFrom } = require('./origins.js');
const { Outgoing } = require('./outgoing.js');
const { isRedirect, MAX_REDIRECTS, redirected } = require('./redirects.js');

// Returns a `fetch` function that signs all requests. It signs each redirected request to an allowed origin again, and rejects
// redirects to other origins.
function signedFetch(credentials, options = {}) {
  const client = new Outgoing('signedFetch', credentials, options, 'signed_fetch');
  const { fetch: send = defaultFetch, verifyResponses = false, base } = options;
  const baseUrl = base === undefined ? undefined : baseOf(base);
  const origins = client.origins ?? (baseUrl && [originFrom(baseUrl.origin)]);
  return async (input, init) => {
    const first = await firstAttempt(client, resolved(input, baseUrl), init);
    const exchange = { client, send, verifyResponses, allowed: origins ?? [first.url.origin] };
    return follow(exchange, first);
  };
}

function baseOf(base) {
  const url = parseUrl(base);
  if (url !== undefined) return url;
  throw failure('CONFIG', 'signedFetch: base: pass an absolute URL, such as https://iam.internal/api/');
}

const defaultFetch = (request, extras) => (extras ? fetch(request, extras) : fetch(request));

const resolved = (input, base) => (typeof input === 'string' && base ? new URL(input, base) : input);

// The members of `init` that are part of a Request. All other members are passed to `fetch` unchanged, because each runtime
// supports different members.
const CARRIED = new Set([
  'body',
  'cache',
  'credentials',
  'duplex',
  'headers',
  'integrity',
  'keepalive',
  'method',
  'mode',
  'priority',
  'redirect',
  'referrer',
  'referrerPolicy',
  'signal',
  'window',
]);

async function firstAttempt(client, input, init = {}) {
  // `fetch` does not convert `patch` to upper case, and servers do not recognise the `patch` method.
  const method = (init.method ?? input.method ?? 'GET').toUpperCase();
  const request = new Request(input, { ...init, method });
  const streams = !client.coversBody && isStream(init.body);
  const body = streams ? init.body : request.body && new Uint8Array(await request.arrayBuffer());
  const extras = Object.entries(init).filter(([name]) => !CARRIED.has(name));
  return {
    method,
    url: new URL(request.url),
    input,
    init: { ...init, ...(input instanceof Request ? carriedBy(request) : {}) },
    extras: extras.length > 0 ? Object.fromEntries(extras) : undefined,
    headers: request.headers,
    body: body ?? undefined,
    streams,
    redirect: request.redirect,
    hops: 0,
  };
}

const isStream = (body) =>
  typeof body?.getReader === 'function' || typeof body?.[Symbol.asyncIterator] === 'function';

// Returns the properties of a Request that must be copied to a Request with another URL.
function carriedBy({ cache, credentials, integrity, keepalive, referrer, referrerPolicy, signal }) {
  return { cache, credentials, integrity, keepalive, referrer, referrerPolicy, signal };
}

async function follow(exchange, attempt) {
  const { client, send, verifyResponses } = exchange;
  const request = signed(exchange, attempt);
  const response = await send(request, attempt.extras);
  const location = response.headers.get('location');
  if (attempt.redirect === 'manual' || !isRedirect(response.status) || location === null) {
    return finished(verifyResponses ? await verified(client, request, response) : response, attempt);
  }
  await response.body?.cancel();
  return follow(exchange, nextAttempt(attempt, response.status, location));
}

// Returns a signed Request. If the caller passed a Request, the new Request is created from it, because a Request can contain a
// dispatcher that cannot be read from it.
function signed({ client, verifyResponses, allowed }, attempt) {
  const { method, input, init, headers, body, streams, from } = attempt;
  const copied = input instanceof Request && from === undefined;
  const url = copied ? attempt.url : withoutEmptyQuery(attempt.url);
  // `fetch` would decompress a compressed response, but the signature covers the compressed bytes.
  if (verifyResponses) headers.set('accept-encoding', 'identity');
  const flat = [...headers].flat();
  const bytes = streams ? undefined : body;
  const signature = client.headersFor({
    method,
    url,
    target: fetchedTarget(url),
    headers: flat,
    body: bytes,
    allowed,
    from,
  });
  for (const [name, value] of Object.entries(signature)) headers.set(name, value);
  const parts = { ...init, method, headers, body, redirect: 'manual', ...(streams && { duplex: 'half' }) };
  return copied ? new Request(withoutBody(input), parts) : new Request(url, parts);
}

// Returns a Request that can be copied. A body that has been read cannot be copied, so it is removed.
const withoutBody = (request) => (request.bodyUsed ? new Request(request.url, carriedBy(request)) : request);

function nextAttempt(attempt, status, location) {
  if (attempt.redirect === 'error') throw new TypeError(`fetch failed: a redirect with status ${status}`);
  if (attempt.hops >= MAX_REDIRECTS) {
    throw new TypeError(`fetch failed: more than ${MAX_REDIRECTS} redirects`);
  }
  const { method, url, keepsBody, removed } = redirected(attempt, status, location);
  if (keepsBody && attempt.streams) {
    throw failure(
      'SIGN',
      `not followed: a redirect to ${url.origin} needs the body again, and a stream cannot be sent twice`,
    );
  }
  const headers = new Headers(attempt.headers);
  for (const name of removed) headers.delete(name);
  const body = keepsBody ? attempt.body : undefined;
  return { ...attempt, method, url, headers, body, from: attempt.url, hops: attempt.hops + 1 };
}

// Reads the complete body and verifies the response. Returns a response whose `sealwire` property contains the server's time
// and the key version.
async function verified({ signer, receiver }, { method, url, headers: sent }, response) {
  const { status, statusText, headers } = response;
  const body = new Uint8Array(await response.arrayBuffer());
  const sealwire = signer.verifyResponse({ method, url, headers: sent, receiver }, { status, headers, body });
  const bodiless = body.length === 0;
  return Object.assign(new Response(bodiless ? null : body, { status, statusText, headers }), { sealwire });
}

// Sets the properties `url` and `redirected` of a response to the same values as `fetch`.
function finished(response, { url, hops }) {
  if (response.url === '') Object.defineProperty(response, 'url', { value: new URL('', url).href });
  return hops === 0 ? response : Object.defineProperty(response, 'redirected', { value: true });
}

module.exports = { signedFetch };
