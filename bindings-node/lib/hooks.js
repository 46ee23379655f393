'use strict';

// Calls the functions that an application can pass to the server adapters.

const { isUint8Array } = require('./brands.js');
const { failure, warnOnce } = require('./errors.js');
const { KeyLookup } = require('./key-lookup.js');

const CONTENT_TYPE = 'content-type';
const JSON_TYPE = 'application/json; charset=utf-8';

class Hooks {
  #onReject;
  #lookup;

  constructor(config) {
    for (const name of ['skip', 'onReject', 'lookUpKeys']) {
      if (config[name] !== undefined && typeof config[name] !== 'function') {
        throw failure('CONFIG', `${name}: pass a function`);
      }
    }
    this.skip = config.skip;
    this.#onReject = config.onReject;
    if (config.lookUpKeys) this.#lookup = new KeyLookup(config);
  }

  get looksUpKeys() {
    return this.#lookup !== undefined;
  }

  expireKeys(ring) {
    this.#lookup.expire(ring);
  }

  // Looks up the keys of a rejected request's sender. Resolves to true if keys were found.
  findKeys(rejection, ring) {
    return this.#lookup.find(rejection, ring);
  }

  // Returns the response to a rejected request, or a promise that resolves to it. The application can replace the headers and
  // the body of the default response, but not its status.
  onReject(req, rejection, usual) {
    return this.#onReject ? this.#custom(req, rejection, usual) : usual;
  }

  async #custom(req, rejection, usual) {
    try {
      const own = await this.#onReject(req, rejection);
      return own === undefined ? usual : merged(usual, own);
    } catch (error) {
      warnOnce('ON_REJECT', `onReject failed, so the default response was sent: ${error?.message ?? error}`);
      return usual;
    }
  }
}

function merged({ status, headers }, { body = '', contentType, headers: more }) {
  const isData = typeof body === 'object' && !isUint8Array(body);
  const own = lowerCased(more);
  const type = contentType ?? own[CONTENT_TYPE] ?? (isData ? JSON_TYPE : headers['Content-Type']);
  const merged = { ...lowerCased(headers), ...own, [CONTENT_TYPE]: type };
  if (!isData && typeof body !== 'string' && !isUint8Array(body))
    throw new TypeError('body has a wrong type');
  checkHeaders(own, merged);
  return { status, headers: merged, body: isData ? JSON.stringify(body) : body };
}

// Throws an error for headers that a server cannot send, and for headers that describe the length of the body.
function checkHeaders(own, merged) {
  const framing = ['content-length', 'transfer-encoding'].find((name) => name in own);
  if (framing !== undefined) throw new TypeError(`the header ${framing} cannot be set`);
  new Headers(merged); // throws an error for an invalid name or value
}

// Converts header names to lower case. Otherwise, names that differ only in case would be sent as two headers.
const lowerCased = (headers = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

module.exports = { Hooks };
