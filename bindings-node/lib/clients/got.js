'use strict';

const { failure } = require('../errors.js');
const { parseUrl } = require('../parse-url.js');
const { bytesOf, readBody, unreadable } = require('./bodies.js');
const { originFrom } = require('./origins.js');
const { flatHeaders, Outgoing } = require('./outgoing.js');
const { ORIGIN_HEADERS } = require('./redirects.js');

// The property of `context` that contains the origin of the first request. got copies `context` to retries and redirects.
const FIRST = Symbol('origin of the first request');
// The property that contains the origin of the latest request.
const LATEST = Symbol('origin of the latest request');

// Returns a `beforeRequest` hook for got. got also calls this hook for retries and redirects. It can be used as a
// `beforeRedirect` hook too.
function gotSigner(credentials, options = {}) {
  return hook(new Outgoing('gotSigner', credentials, options));
}

// Returns a got instance that signs all requests: `signGot(got, signer, { origins })`.
function signGot(got, credentials, options = {}) {
  const sign = hook(new Outgoing('signGot', credentials, options));
  if (typeof got?.extend !== 'function')
    throw failure('CONFIG', 'signGot: pass got, or an instance of it, first');
  return got.extend({ hooks: { beforeRequest: [sign], beforeRedirect: [sign] } });
}

function hook(client) {
  return async (request) => {
    const { url, context } = request;
    context[FIRST] ??= url.origin;
    if ((context[LATEST] ?? url.origin) !== url.origin) removeCredentials(request);
    context[LATEST] = url.origin;
    const first = new URL(context[FIRST]);
    const allowed = client.origins ?? [baseOrigin(request) ?? first.origin];
    if (client.coversBody) await makeBytes(request);
    const { method, headers } = request;
    const from = first.origin === url.origin ? undefined : first;
    const signed = client.headersFor({
      method,
      url,
      headers: flatHeaders(Object.entries(headers)),
      body: request.body,
      allowed,
      from,
    });
    for (const [name, value] of Object.entries(signed)) headers[name.toLowerCase()] = value;
  };
}

// Removes the credentials for the previous origin from a redirected request. got does not remove `Proxy-Authorization`, and removes
// nothing if only the scheme of the URL changes.
function removeCredentials(request) {
  for (const name of ORIGIN_HEADERS) {
    const isFromJar = name === 'cookie' && request.cookieJar !== undefined; // got sets this header for each URL
    if (!isFromJar) delete request.headers[name];
  }
  request.username = '';
  request.password = '';
}

function baseOrigin({ prefixUrl }) {
  const base = parseUrl(prefixUrl);
  return base && originFrom(base.origin);
}

// Replaces the body with its bytes. got sends the `body` that its hooks have set, so the signed bytes are sent. The bytes are
// also needed for retries, because a form could not be read a second time.
async function makeBytes(request) {
  const { json, form, headers } = request;
  if (json !== undefined || form !== undefined) return; // got creates the body after the redirect hooks
  if (isWritten(request)) throw unreadable();
  if (bytesOf(request.body) !== null) return;
  const { bytes, type } = await readBody(request.body);
  request.body = Buffer.from(bytes);
  if (type !== undefined) headers['content-type'] ??= type;
  delete headers['transfer-encoding'];
  headers['content-length'] = String(bytes.length);
}

// The methods whose streams got ends if the request has no `body`, so that the application cannot write one.
const NEVER_WRITTEN = ['GET', 'HEAD', 'OPTIONS', 'DELETE'];

// Returns whether the application writes the body to the stream that `got.stream` returns.
const isWritten = ({ isStream, body, method, allowGetBody }) =>
  isStream && body === undefined && (allowGetBody || !NEVER_WRITTEN.includes(method));

module.exports = { gotSigner, signGot };
