'use strict';

const { failure } = require('../errors.js');
const { parseUrl } = require('../parse-url.js');
const { bytesOf, readBody } = require('./bodies.js');
const { originFrom } = require('./origins.js');
const { flatHeaders, Outgoing, urlOf } = require('./outgoing.js');
const { isRedirect, MAX_REDIRECTS, redirected } = require('./redirects.js');

// The adapters that have already been wrapped. For a retry, the interceptor is called again, and it must not wrap the adapter
// twice.
const signing = new WeakSet();

// Modifies an axios instance so that it signs all requests, and returns the instance. Signing happens in the adapter, because
// axios calls it after all transforms and interceptors, when the URL and the body are final. axios also calls the adapter for
// retries. Redirects follow the same rules as in `signedFetch`.
function signAxios(instance, credentials, options = {}) {
  const client = new Outgoing('signAxios', credentials, options);
  if (typeof instance?.create !== 'function' || typeof instance.interceptors?.request?.use !== 'function') {
    throw failure('CONFIG', 'signAxios: pass an axios instance, made with axios.create()');
  }
  const transport = plainCopy(instance);
  const wrap = (adapter) => {
    if (signing.has(adapter)) return adapter;
    const wrapped = (config) => send({ client, instance, transport, adapter }, config);
    signing.add(wrapped);
    return wrapped;
  };
  instance.defaults.adapter = wrap(instance.defaults.adapter);
  // The request's config can contain another adapter.
  instance.interceptors.request.use((config) => Object.assign(config, { adapter: wrap(config.adapter) }));
  return instance;
}

// Returns a copy of an axios instance without the defaults that change a request. The copy is used to build URLs and to send
// requests that are already complete.
function plainCopy(instance) {
  const copy = instance.create();
  for (const name of ['baseURL', 'params', 'paramsSerializer', 'data', 'auth']) delete copy.defaults[name];
  return Object.assign(copy, {
    defaults: Object.assign(copy.defaults, { headers: {}, transformRequest: [], transformResponse: [] }),
  });
}

async function send(axios, config) {
  const { client, instance, transport } = axios;
  const url = urlOf(transport.getUri(config), 'axios');
  const base = instance.defaults.baseURL;
  const parsed = parseUrl(base);
  const origin = parsed ? originFrom(parsed.origin) : url.origin;
  if (client.coversBody) await makeBytes(config);
  const attempt = {
    method: config.method.toUpperCase(),
    url,
    headers: copied(config.headers),
    data: config.data,
    auth: config.auth,
  };
  const context = { ...axios, config, allowed: client.origins ?? [origin] };
  return follow(context, attempt, config.maxRedirects ?? MAX_REDIRECTS);
}

// Converts a form to bytes before signing, because axios would convert it after signing.
async function makeBytes(config) {
  if (bytesOf(config.data) !== null) return;
  const { bytes, type } = await readBody(config.data);
  config.data = Buffer.from(bytes);
  if (type !== undefined) config.headers.set('Content-Type', type);
}

// Copies AxiosHeaders. The value `false` marks a header that axios must not add. A copy made by AxiosHeaders would lose this
// value.
const copied = (headers) => Object.fromEntries(Object.entries(headers));

async function follow(context, attempt, hopsLeft) {
  const { config } = context;
  const response = await sendOnce(context, attempt);
  const location = response.headers.location ?? response.headers.get?.('location');
  const isHop = isRedirect(response.status) && location !== undefined && location !== null;
  if (!isHop || config.maxRedirects === 0) return response;
  discard(response);
  if (hopsLeft <= 0)
    throw failure('SIGN', `axios: more than ${config.maxRedirects ?? MAX_REDIRECTS} redirects`);
  const next = nextAttempt(attempt, response.status, location);
  config.beforeRedirect?.(
    { href: next.url.href, method: next.method, headers: next.headers },
    { headers: response.headers, statusCode: response.status },
  );
  return follow(context, next, hopsLeft - 1);
}

// Discards the body of a redirect response. An unread body would keep the connection open.
function discard({ data }) {
  if (typeof data?.destroy === 'function') data.destroy();
}

function nextAttempt(attempt, status, location) {
  const { method, url, keepsBody, removed } = redirected(attempt, status, location);
  const dropped = ['host', ...removed];
  const kept = Object.entries(attempt.headers).filter(([name]) => !dropped.includes(name.toLowerCase()));
  if (keepsBody && bytesOf(attempt.data) === null && typeof attempt.data?.pipe === 'function') {
    throw failure(
      'SIGN',
      `not followed: a redirect to ${url.origin} needs the body again, and a stream cannot be sent twice`,
    );
  }
  const data = keepsBody ? attempt.data : undefined;
  const auth = url.origin === attempt.url.origin ? attempt.auth : undefined;
  return { method, url, headers: Object.fromEntries(kept), data, auth, from: attempt.url };
}

// Signs a request and sends it. All transforms are disabled, so that axios changes neither the signed URL nor the signed body.
async function sendOnce(
  { client, transport, adapter, config, allowed },
  { method, url, headers, data, auth, from },
) {
  const flat = flatHeaders(Object.entries(headers));
  const body = client.coversBody ? (bytesOf(data) ?? undefined) : undefined;
  const signed = client.headersFor({ method, url, headers: flat, body, allowed, from });
  const isOurs = (status) =>
    isRedirect(status) && config.maxRedirects !== 0 ? true : (config.validateStatus?.(status) ?? true);
  const sent = {
    ...config,
    adapter,
    method: method.toLowerCase(),
    url: new URL(url.pathname + url.search, url.origin).href,
    baseURL: undefined,
    params: undefined,
    paramsSerializer: undefined,
    data,
    auth,
    headers: { ...withoutSigned(headers, signed), ...signed },
    maxRedirects: 0,
    fetchOptions: { ...config.fetchOptions, redirect: 'manual' },
    validateStatus: isOurs,
    transformRequest: [(unchanged) => unchanged],
    transformResponse: [(unchanged) => unchanged],
  };
  try {
    return Object.assign(await transport.request(sent), { config });
  } catch (error) {
    throw ofRequest(error, config);
  }
}

function withoutSigned(headers, signed) {
  const names = new Set(Object.keys(signed).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase())));
}

// Sets the config in an error to the caller's config, because retry libraries use this config to send the request again.
function ofRequest(error, config) {
  if (error?.config) error.config = config;
  if (error?.response) error.response.config = config;
  return error;
}

module.exports = { signAxios };
