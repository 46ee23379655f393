'use strict';

const { subscribe, unsubscribe } = require('node:diagnostics_channel');
const { stringify } = require('node:querystring');
const { types } = require('node:util');
const { failure } = require('../errors.js');
const { bytesOf, isStream, readBody } = require('./bodies.js');
const { originFrom } = require('./origins.js');
const { flatHeaders, Outgoing, urlOf, withSigned } = require('./outgoing.js');

// The diagnostics channel where undici publishes new requests.
const CREATED = 'undici:request:create';

// Returns an interceptor for undici: `new Pool(origin).compose(signingInterceptor(signer))`. With an Agent, the `origins` setting
// is required, because the interceptor cannot distinguish redirects from other requests.
function signingInterceptor(credentials, options = {}) {
  const client = new Outgoing('signingInterceptor', credentials, options);
  return intercepting(client, undefined);
}

// Returns a dispatcher that signs each request immediately before it is sent. Every retry and redirect therefore has a new
// signature. `interceptors` contains undici interceptors, such as `interceptors.retry()`.
function signedDispatcher(dispatcher, credentials, options = {}) {
  const client = new Outgoing('signedDispatcher', credentials, options, 'signed_dispatcher');
  requireInnermost(dispatcher);
  const own = ownOrigin(dispatcher);
  if (client.origins === undefined && own === undefined) throw noOrigins('signedDispatcher');
  const { interceptors = [] } = options;
  return dispatcher.compose([intercepting(client, own), ...interceptors, repeatable(own)]);
}

// Changes a request so that other interceptors can send it again: adds the origin, which redirects require, and reads the body
// into memory. Bodies from `fetch` must also be read, because `fetch` passes every body as a generator.
const repeatable = (own) => (dispatch) => (request, handler) => {
  const named = { ...request, origin: request.origin ?? own };
  if (bytesOf(request.body) !== null || isStream(request.body)) return dispatch(named, handler);
  readBody(request.body)
    .then(({ bytes, type }) => {
      const headers = withType(flatten(request.headers), type);
      dispatch({ ...named, headers, body: bytes }, handler);
    })
    .catch((error) => fail(handler, error));
  return true;
};

function requireInnermost(dispatcher) {
  const advice = 'pass the Agent, Pool or Client itself, and the others in the setting interceptors';
  if (typeof dispatcher?.compose !== 'function') {
    throw failure('CONFIG', 'signedDispatcher: pass a dispatcher of undici, such as new Agent()');
  }
  if (types.isProxy(dispatcher) || dispatcher.constructor?.name === 'RetryAgent') {
    throw failure('CONFIG', `signedDispatcher: other interceptors would resend its signatures; ${advice}`);
  }
}

// Returns the signing interceptor. `own` is the origin of the Pool or Client, or undefined if the origin is unknown.
function intercepting(client, own) {
  return (dispatch) => {
    const dispatcher = { own };
    const send = (request, bytes, type, handler) =>
      dispatch(...new Attempt(client, dispatcher, request, bytes, type, handler).arguments());
    return function signing(request, handler) {
      try {
        const known = client.coversBody ? bytesOf(request.body) : undefined;
        if (known !== null) return send(request, known, undefined, handler);
      } catch (error) {
        return fail(handler, error);
      }
      readBody(request.body)
        .then(({ bytes, type }) => send(request, bytes, type, handler))
        .catch((error) => fail(handler, error));
      return true;
    };
  };
}

// A request to sign. This object is also passed to undici as the list of headers. It returns a new signature each time undici
// reads the headers, because an inner interceptor such as retry can send the request again.
class Attempt {
  #client;
  #dispatcher;
  #request;
  #handler;
  #target;
  #flat;
  #body;
  #signed;
  #error;

  constructor(client, dispatcher, request, body, type, handler) {
    this.#client = client;
    this.#dispatcher = dispatcher;
    this.#request = request;
    this.#handler = handler;
    this.#target = targetOf(request);
    this.#flat = withType(flatten(request.headers), type);
    this.#body = body;
    const origin = this.#origin();
    if (origin !== undefined) this.#sign(origin);
  }

  // Returns the arguments for `dispatch`.
  arguments() {
    const { body } = this.#request;
    const request = {
      ...this.#request,
      path: this.#target,
      query: undefined,
      headers: this,
      body: this.#client.coversBody ? this.#body : body,
    };
    return [request, guarded(this.#handler, (history) => this.#fault(history))];
  }

  *[Symbol.iterator]() {
    if (this.#origin() === undefined) subscribe(CREATED, this.#onCreated);
    else if (this.#signed === undefined) this.#sign(this.#origin());
    const flat = this.#signed ?? this.#flat;
    if (this.#origin() !== undefined) this.#signed = undefined;
    for (let at = 0; at < flat.length; at += 2) yield [flat[at], flat[at + 1]];
  }

  // Returns the origin of the request, or undefined if it is unknown. Requests that are sent through a Pool or Client do not
  // contain an origin.
  #origin() {
    const { origins = [] } = this.#client;
    return this.#request.origin ?? this.#dispatcher.own ?? (origins.length === 1 ? origins[0] : undefined);
  }

  #sign(origin) {
    const { origins } = this.#client;
    const allowed = origins ?? (this.#dispatcher.own && [this.#dispatcher.own]);
    if (!allowed) throw noOrigins('signingInterceptor');
    this.#signed = withSigned(this.#flat, this.#signature(urlOf(origin, 'undici: origin'), allowed));
  }

  #signature(url, allowed) {
    const { method } = this.#request;
    return this.#client.headersFor({
      method,
      url,
      target: this.#target,
      headers: this.#flat,
      body: this.#body,
      allowed,
    });
  }

  // Signs a request whose origin was unknown when undici read the headers. undici calls this function before it sends the
  // request.
  #onCreated = ({ request }) => {
    unsubscribe(CREATED, this.#onCreated);
    if (request.path !== this.#target || request.method !== this.#request.method) return;
    try {
      const url = urlOf(request.origin, 'undici: origin');
      const signature = this.#signature(url, this.#client.origins ?? [url.origin]);
      for (const [name, value] of Object.entries(signature)) request.addHeader(name, value);
      this.#dispatcher.own = url.origin;
      this.#signed = [];
    } catch (error) {
      this.#error = error;
    }
  };

  // Returns the reason why the request must not be sent.
  #fault(history) {
    if (history?.length > 0) return misplaced();
    if (this.#error === undefined && this.#origin() === undefined) return noOrigins('signingInterceptor');
    return this.#error;
  }
}

// Returns a handler that checks a request immediately before it is sent. An inner interceptor that follows a redirect would
// send the signature to another URL. The check detects this from the history that undici passes to the handler.
function guarded(handler, fault) {
  const checked = {
    onRequestStart: (controller, context) => {
      const error = fault(context?.history);
      return error ? controller.abort(error) : handler.onRequestStart(controller, context);
    },
    // undici 6
    onConnect: (abort, context) => {
      const error = fault(context?.history);
      return error ? abort(error) : handler.onConnect(abort, context);
    },
  };
  return new Proxy(handler, {
    get(target, name) {
      const value = target[name];
      if (typeof value !== 'function') return value;
      return checked[name] ?? value.bind(target);
    },
  });
}

function misplaced() {
  return failure(
    'SIGN',
    'not signed: a redirect was followed after signing. Compose the signing interceptor before redirect, or use ' +
      'signedDispatcher',
  );
}

function withType(flat, type) {
  const isTyped = flat.some((name, at) => at % 2 === 0 && /^content-type$/i.test(name));
  return type === undefined || isTyped ? flat : [...flat, 'content-type', type];
}

// Returns the request target as undici sends it. undici does not normalise the path.
function targetOf({ path, query }) {
  if (typeof path !== 'string' || !(path.startsWith('/') || path === '*')) {
    throw failure('SIGN', `not signed: the path ${JSON.stringify(path)} must start with /`);
  }
  const added = query ? stringify(query) : '';
  if (added !== '' && /[?#]/.test(path)) {
    throw failure('SIGN', 'not signed: pass the query in the path or in query, not in both');
  }
  return added === '' ? path : `${path}?${added}`;
}

// Returns the origin of a Pool or Client, which undici stores in a property with a symbol key.
function ownOrigin(dispatcher) {
  if (typeof dispatcher !== 'object' || dispatcher === null) return undefined;
  const symbols = Object.getOwnPropertySymbols(dispatcher);
  const url = symbols
    .filter(({ description }) => description === 'url')
    .map((symbol) => dispatcher[symbol])[0];
  return url instanceof URL ? originFrom(url.origin) : undefined;
}

function noOrigins(owner) {
  return failure(
    'SIGN',
    `${owner}: set the origins to sign for, such as origins: ['https://iam.internal'], because an Agent cannot distinguish a ` +
      'redirect from a new request',
  );
}

function flatten(headers) {
  if (!headers) return [];
  if (Array.isArray(headers) && !Array.isArray(headers[0])) return [...headers];
  const entries = typeof headers[Symbol.iterator] === 'function' ? [...headers] : Object.entries(headers);
  return flatHeaders(entries);
}

// Reports an error to the handler, with the API of undici 6 or 7. If an interceptor threw an error during a redirect, the
// process would be terminated.
function fail(handler, error) {
  if (typeof handler.onResponseError === 'function') handler.onResponseError(undefined, error);
  else if (typeof handler.onError === 'function') handler.onError(error);
  else throw error;
  return false;
}

module.exports = { signedDispatcher, signingInterceptor };
