'use strict';

const { failure } = require('../errors.js');
const native = require('../native.js');
const { checkSettings } = require('../check-settings.js');
const { parseUrl } = require('../parse-url.js');
const { signerFrom } = require('./credentials.js');
const { originsFrom, requireHost, requireOrigin } = require('./origins.js');

const { messageHeaders } = native.catalog();
const HOST = 'host';

// Signs outgoing requests, for all client integrations.
class Outgoing {
  #signer;
  #parties;
  // The allowed origins; undefined if not set.
  origins;

  // `owner` is the called function, and `group` the name of its settings group.
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

  // The signature headers of a request to `url`, a URL as it was parsed. `target` replaces its path and query, for clients that
  // send them unparsed. `headers` is a flat list, `allowed` lists origins, and `from` is the URL that redirected here.
  headersFor({ method, url, target = url.pathname + url.search, headers, body, allowed, from }) {
    requireOrigin(allowed, url, from);
    for (const host of valuesOf(headers, HOST)) requireHost(url, host);
    return this.#signer.sign({
      method,
      url: target,
      authority: url.host,
      scheme: url.protocol.slice(0, -1),
      // Headers are covered only by signatures that cover the body. Headers of an earlier attempt are
      // replaced.
      headers: this.coversBody ? without(headers, [HOST, ...messageHeaders]) : undefined,
      body: this.coversBody ? body : undefined,
      ...this.#parties,
    });
  }
}

function* valuesOf(flat, wanted) {
  for (let at = 0; at < flat.length; at += 2) if (isNamed(flat[at], wanted)) yield flat[at + 1];
}

// A flat list of headers without those that `names` lists.
function without(flat, names) {
  const left = [];
  for (let at = 0; at < flat.length; at += 2) {
    if (!names.some((name) => isNamed(flat[at], name))) left.push(flat[at], flat[at + 1]);
  }
  return left;
}

// A flat list with the signature headers added; those of an earlier attempt are replaced.
function withSigned(flat, signed) {
  return [...without(flat, Object.keys(signed)), ...Object.entries(signed).flat()];
}

// Converts headers to a flat list. Names have one or several values. Clients omit headers with other values.
function flatHeaders(entries) {
  return entries.flatMap(([name, value]) =>
    value === undefined || value === null || value === false
      ? []
      : [value].flat().flatMap((each) => [name, String(each)]),
  );
}

const isNamed = (name, wanted) => String(name).toLowerCase() === wanted.toLowerCase();

const WEB = /^\s*https?:/i;

// Returns the absolute URL of a request. Throws for a URL that core cannot sign.
function urlOf(text, client) {
  const url = parseUrl(text);
  const refusal = native.urlRefusal(String(text));
  if (url !== undefined && refusal === null) return url;
  const reason =
    WEB.test(text) && refusal
      ? refusal
      : 'it is not an absolute URL; give one, such as https://iam.internal/path';
  throw failure('SIGN', `${client}: ${JSON.stringify(shown(url, text))}: ${reason}`);
}

// Removes a password from a URL, for error messages.
const shown = (url, text) => (url?.password ? url.origin : String(text));

module.exports = { flatHeaders, Outgoing, urlOf, withSigned };
