'use strict';

const { Blocks } = require('./blocks.js');
const { warnOnce } = require('./errors.js');
const { EMPTY } = require('./head.js');
const native = require('./native.js');

const { cacheControlHeader: CACHE_CONTROL } = native.catalog();

const DEFAULT_MAX_BYTES = 1 << 20;
const EVENT_STREAM = /^text\/event-stream\b/i;
// The statuses of responses that are sent without a body, even if the handler writes one.
const BODILESS = new Set([204, 304]);

const HOLDING = 0;
const RELEASED = 1;
const DISCARDED = 2;

// Returns the settings that determine which responses are signed.
function responseSettings({
  signResponses = false,
  maxSignedResponseBytes: maxBytes = DEFAULT_MAX_BYTES,
  oversizeResponses: oversize = 'pass',
  unsignedResponsePaths: unsignedPaths = [],
}) {
  const isListed = (path) => unsignedPaths.some((pattern) => matches(pattern, path));
  return { isSigned: (target) => signResponses && !isListed(target.split('?', 1)[0]), maxBytes, oversize };
}

const matches = (pattern, path) =>
  pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;

// Buffers a response until it is complete, and then signs and sends it. Buffering is needed because the signature is a header
// and must be sent before the body. `sign` receives the status and the body. It returns the headers to add, or undefined if the
// response is not signed.
function signWhenComplete(req, res, sign, settings) {
  new HeldResponse(req, res, sign, settings).install();
}

// A buffered response. This class replaces the response's methods with wrappers. Other middleware may do the same, so each
// wrapper calls the method that it replaced, and the original methods are not restored.
class HeldResponse {
  #state = HOLDING;
  #hasBegun = false;
  #blocks = new Blocks();
  #req;
  #res;
  #sign;
  #settings;
  #lower;

  constructor(req, res, sign, settings) {
    this.#req = req;
    this.#res = res;
    this.#sign = sign;
    this.#settings = settings;
    const { end, flushHeaders, write, writeHead } = res;
    this.#lower = { end, flushHeaders, write, writeHead };
  }

  install() {
    const res = this.#res;
    res.writeHead = (...args) => this.#writeHead(args);
    res.flushHeaders = () => this.#flushHeaders();
    res.write = (...args) => this.#write(args);
    res.end = (...args) => this.#end(args);
    this.#coverHeadersSent();
  }

  // Sets `headersSent` to true when the handler has started the response. Error handlers read this property to decide whether
  // they can send an error page or must close the connection.
  #coverHeadersSent() {
    const res = this.#res;
    const { get: inner, value } = inherited(res, 'headersSent');
    let own = value;
    const get = () => (this.#state === HOLDING && this.#hasBegun) || (inner ? inner.call(res) : own);
    const set = (sent) => {
      own = sent;
    };
    Object.defineProperty(res, 'headersSent', { configurable: true, get, set });
  }

  #writeHead(args) {
    if (this.#state === RELEASED) return this.#call('writeHead', args);
    if (this.#state === HOLDING) {
      this.#hasBegun = true;
      setHead(this.#req, this.#res, args);
    }
    return this.#res;
  }

  #flushHeaders() {
    if (this.#state === HOLDING && this.#isEventStream()) this.#release();
    if (this.#state === RELEASED) this.#call('flushHeaders', []);
  }

  #write(args) {
    const [chunk, encoding] = args;
    if (this.#state === HOLDING) this.#begin();
    if (this.#state === HOLDING) this.#hold(bytesOf(chunk, encoding));
    else if (this.#state === RELEASED) return this.#call('write', args);
    callbackOf(args)?.();
    return true;
  }

  #end(args) {
    const [chunk, encoding] = args;
    if (this.#state === HOLDING) this.#begin();
    if (this.#state === HOLDING) this.#hold(bytesOf(chunk, encoding));
    else if (this.#state === RELEASED) return this.#call('end', args);
    if (this.#state === HOLDING) this.#sendSigned();
    return this.#state === DISCARDED ? this.#res : this.#call('end', [callbackOf(args)].filter(Boolean));
  }

  // Calls `writeHead`, so that other middleware can set headers and the status before the response is signed.
  #begin() {
    if (!this.#hasBegun) this.#res.writeHead(this.#res.statusCode);
    if (this.#isEventStream()) this.#release();
  }

  #isEventStream() {
    return isEventStream(this.#res.getHeader('Content-Type'));
  }

  #hold(bytes) {
    if (this.#blocks.length + bytes.length <= this.#settings.maxBytes) return this.#blocks.push(bytes);
    if (this.#settings.oversize === 'reject') return this.#discard();
    this.#release();
    return this.#call('write', [bytes]);
  }

  // Sends the response without a signature.
  #release() {
    warnUnsigned(this.#req, this.#isEventStream() ? 'an event stream' : 'longer than maxSignedResponseBytes');
    this.#state = RELEASED;
    this.#call('writeHead', [this.#res.statusCode]);
    const held = this.#blocks.joined();
    if (held.length > 0) this.#call('write', [held]);
  }

  #sendSigned() {
    const [req, res, body] = [this.#req, this.#res, this.#blocks.joined()];
    const hasBody = req.method !== 'HEAD' && !BODILESS.has(res.statusCode);
    const headers = this.#sign({ status: res.statusCode, body: hasBody ? body : EMPTY });
    if (headers)
      setHeaders(res, { ...headers, [CACHE_CONTROL]: untransformed(res.getHeader(CACHE_CONTROL)) });
    if (!BODILESS.has(res.statusCode) && (hasBody || body.length > 0) && !isFramed(res)) {
      res.setHeader('Content-Length', body.length);
    }
    this.#state = RELEASED;
    this.#call('writeHead', [res.statusCode]);
    if (body.length > 0) this.#call('write', [body]);
  }

  // Sends an error response in place of a response that is too long to sign.
  #discard() {
    const res = this.#res;
    warnUnsigned(this.#req, 'longer than maxSignedResponseBytes, and oversizeResponses is reject');
    for (const name of res.getHeaderNames())
      if (/^(content-|etag|last-modified)/.test(name)) res.removeHeader(name);
    res.statusCode = 500;
    res.setHeader('Content-Type', 'text/plain; charset=utf-8');
    this.#blocks.joined();
    this.#blocks.push(Buffer.from('The response is too long to sign'));
    this.#sendSigned();
    this.#call('end', []);
    this.#state = DISCARDED;
  }

  #call(method, args) {
    return this.#lower[method].apply(this.#res, args);
  }
}

const isEventStream = (type) => EVENT_STREAM.test(String(type ?? ''));

function inherited(object, name) {
  const descriptor = Object.getOwnPropertyDescriptor(object, name);
  return descriptor ?? inherited(Object.getPrototypeOf(object), name);
}

// Applies the arguments of `writeHead` to a response. The arguments are a status, an optional reason phrase, and optional headers
// as an object, a flat list or a list of pairs.
function setHead(req, res, [status, ...rest]) {
  res.statusCode = status;
  const [reason, headers = reason] = rest;
  // HTTP/2 has no reason phrase.
  if (typeof reason === 'string' && !(req.httpVersionMajor > 1)) res.statusMessage = reason;
  if (Array.isArray(headers)) setListed(res, headers);
  else if (typeof headers === 'object' && headers !== null) setHeaders(res, headers);
}

function setListed(res, headers) {
  const flat = headers.flat();
  const pairs = Array.isArray(headers[0])
    ? headers
    : flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1]]] : []));
  for (const [name] of pairs) res.removeHeader(name);
  for (const [name, value] of pairs) res.appendHeader(name, value);
}

function setHeaders(res, headers) {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
}

// Adds `no-transform` to a Cache-Control header. This directive forbids proxies to change the content (RFC 9111 section
// 5.2.2.6). The compression middleware does not compress responses with this directive.
function untransformed(cacheControl) {
  const given = [cacheControl ?? []].flat().join(', ');
  if (/\bno-transform\b/i.test(given)) return given;
  return given === '' ? 'no-transform' : `${given}, no-transform`;
}

const isFramed = (res) =>
  ['Content-Length', 'Transfer-Encoding', 'Trailer'].some((name) => res.hasHeader(name));

function bytesOf(chunk, encoding) {
  if (chunk === undefined || chunk === null || typeof chunk === 'function') return EMPTY;
  return typeof chunk === 'string'
    ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8')
    : chunk;
}

const callbackOf = (args) => args.find((each) => typeof each === 'function');

const MAX_SHOWN = 200;

function warnUnsigned(req, why) {
  const path = String(req.url).split('?', 1)[0].slice(0, MAX_SHOWN);
  warnOnce(
    'UNSIGNED_RESPONSE',
    `the response to ${req.method} ${path} cannot be signed: it is ${why}. ` +
      'List such paths in unsignedResponsePaths. Later responses are not reported.',
  );
}

module.exports = { isEventStream, responseSettings, signWhenComplete, untransformed, warnUnsigned };
