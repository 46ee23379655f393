'use strict';

const { failure } = require('../errors.js');
const native = require('../native.js');
const { checkSettings } = require('../check-settings.js');
const { parseUrl } = require('../parse-url.js');
const { signerFrom } = require('./credentials.js');
const { originsFrom, requireHost, requireOrigin } = require('./origins.js');

const { messageHeaders } = native.catalog();
const HOST = 'host';

// Signs outgoing requests. This class is used by all client integrations.
class Outgoing {
  #signer;
  #parties;
  // The origins to which signatures may be sent, or undefined if `origins` is not set.
  origins;

  // `owner` is the name of the function that the application called. It is used in error messages. `group` is the name of the
  // settings group.
  constructor(owner, credentials, options, group = 'client') {
    checkSettings(group, options, owner);
    this.#signer = signerFrom(credentials);
    const { origins, receiver, userId } = options;
    this.origins = originsFrom(origins);
    this.#signer.checkReceiver(receiver ?? this.#signer.receiver);
    this.#parties = { receiver, userId };
  }

  // Whether signatures cover the body.
  get coversBody() {
    return this.#signer.coversBody;
  }

  get signer() {
    return this.#signer;
  }

  get receiver() {
    return this.#parties.receiver;
  }

  // Returns the signature headers for a request to `url`, a URL object. `target` overrides the path and query of `url`, for
  // clients that do not normalise them. `headers` is a flat list, and `allowed` is a list of origins. If the request was
  // redirected, `from` is the URL that redirected to `url`.
  headersFor({ method, url, target = url.pathname + url.search, headers, body, allowed, from }) {
    requireOrigin(allowed, url, from);
    for (const host of valuesOf(headers, HOST)) requireHost(url, host);
    return this.#signer.sign({
      method,
      url: target,
      authority: url.host,
      scheme: url.protocol.slice(0, -1),
      // Headers are passed only if the signature covers the body, because other signatures do not cover headers. The signature
      // headers of an earlier attempt are removed.
      headers: this.coversBody ? without(headers, [HOST, ...messageHeaders]) : undefined,
      body: this.coversBody ? body : undefined,
      ...this.#parties,
    });
  }
}

function* valuesOf(flat, wanted) {
  for (let at = 0; at < flat.length; at += 2) if (isNamed(flat[at], wanted)) yield flat[at + 1];
}

// Returns a flat list of headers without the headers in `names`.
function without(flat, names) {
  const left = [];
  for (let at = 0; at < flat.length; at += 2) {
    if (!names.some((name) => isNamed(flat[at], name))) left.push(flat[at], flat[at + 1]);
  }
  return left;
}

// Adds signature headers to a flat list. Removes the signature headers of an earlier attempt.
function withSigned(flat, signed) {
  return [...without(flat, Object.keys(signed)), ...Object.entries(signed).flat()];
}

// Converts headers to a flat list. A header has one value or an array of values. Headers with the value undefined, null or
// false are omitted, because clients do not send them.
function flatHeaders(entries) {
  return entries.flatMap(([name, value]) =>
    value === undefined || value === null || value === false
      ? []
      : [value].flat().flatMap((each) => [name, String(each)]),
  );
}

const isNamed = (name, wanted) => String(name).toLowerCase() === wanted.toLowerCase();

const WEB = /^\s*https?:/i;

// Returns a request's absolute URL. Throws an error for a URL that the core crate cannot sign.
function urlOf(text, client) {
  const url = parseUrl(text);
  const refusal = native.urlRefusal(String(text));
  if (url !== undefined && refusal === null) return url;
  const reason =
    WEB.test(text) && refusal
      ? refusal
      : 'it is not an absolute URL; pass one, such as https://iam.internal/path';
  throw failure('SIGN', `${client}: ${JSON.stringify(shown(url, text))}: ${reason}`);
}

// Removes a password from a URL, for error messages.
const shown = (url, text) => (url?.password ? url.origin : String(text));

module.exports = { flatHeaders, Outgoing, urlOf, withSigned };
