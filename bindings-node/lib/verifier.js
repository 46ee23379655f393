'use strict';

const { failure, Rejection, RejectedError, warn } = require('./errors.js');
const { clientValues } = require('./client-headers.js');
const { bodyBytes, EMPTY, flatHeaders, joinHead, partsOf, sentHeaders } = require('./head.js');
const { Identity, isAccepted } = require('./identity.js');
const { KeyRing } = require('./key-ring.js');
const { Modes } = require('./modes.js');
const native = require('./native.js');
const { replayChoice } = require('./replay-choice.js');
const { ReplayTable } = require('./replay-table.js');
const { settings } = require('./settings.js');

const { challengedStatus, clientScheme } = native.catalog();

// A policy, keys and a replay store: made once, used for every request.
class Verifier {
  #native;
  #verify;
  #verifyClient;
  #replay;
  #shared;

  constructor(options) {
    const policy = settings(options);
    const { keys, replay, modes, scheme } = options;
    const { table, shared } = replayChoice(replay, keys, options);
    this.#replay = table;
    this.#shared = shared;
    const handles = [KeyRing.handle(keys), ReplayTable.handle(table), Modes.handle(modes)];
    this.#native = native.newVerifier(policy, ...handles);
    for (const warning of native.verifierWarnings(this.#native)) warn(warning);
    this.#verify = native.verifying(this.#native);
    this.#verifyClient = native.clientVerifying(this.#native);
    this.keys = keys;
    this.modes = modes ?? Modes.of(this.#native);
    this.scheme = scheme;
    const { schemes, service = '', exemptPaths = [] } = policy;
    this.service = service;
    this.hasExemptions = exemptPaths.length > 0;
    // Whether the `client` headers alone decide, at once. Rules on methods and paths depend on other headers too.
    const hasRules = policy.senders.some(
      ({ methods = [], pathPrefixes = [] }) => methods.length + pathPrefixes.length > 0,
    );
    this.clientOnly = schemes?.length === 1 && schemes[0] === clientScheme && !shared && !hasRules;
  }

  get replay() {
    return this.#replay ?? this.#shared;
  }

  // An `Identity`, or a `RejectedError` thrown. `now` is for tests.
  verify({ method, url, headers, body, authority, scheme, now }) {
    if (this.#shared) {
      throw failure('CONFIG', 'this verifier claims nonces in a shared store; await verifyAsync instead');
    }
    if (this.clientOnly && body === undefined && now === undefined) {
      const identity = this.#verifyHeaders(method, targetOf(url), clientValues(flatHeaders(headers)));
      if (identity !== undefined) return identity;
    }
    const parts = wholeRequest(method, url, headers, authority, scheme ?? this.scheme);
    const [head, fields] = [joinHead(parts), parts.length - LEAD];
    // To find out that an argument is undefined costs more than to leave it out.
    if (body === undefined && now === undefined) return orThrow(this.#verify(head, fields));
    return orThrow(this.#verify(head, fields, bodyBytes(body), now));
  }

  // By the `client` headers alone. Undefined where that needs the whole list.
  #verifyHeaders(method, target, values) {
    const id = values[0];
    const timestamp = values[1];
    const signature = values[2];
    const requestId = values[3];
    const verdict = this.verdictOfClient(method, target, id, timestamp, requestId, signature);
    return verdict === undefined ? undefined : orThrow(verdict, id, requestId);
  }

  async verifyAsync(request) {
    if (!this.#shared) return this.verify(request);
    const { method, url, headers, authority, scheme, now } = request;
    const parts = wholeRequest(method, url, headers, authority, scheme ?? this.scheme);
    const waiting = native.begin(this.#native, joinHead(parts), parts.length - LEAD, now);
    if (typeof waiting === 'string') return orThrow(waiting);
    const refused = native.update(this.#native, waiting, bodyBytes(request.body) ?? EMPTY);
    return orThrow(refused ?? (await this.#claim(waiting, now)));
  }

  // Returns the headers that sign a response, for the Identity or the rejection of the request.
  signResponse(request, { sender, scheme }, { status, body, now }) {
    const { method, url, headers, authority = '', scheme: protocol = 'https' } = request;
    const lead = [method, targetOf(url), authority, protocol, sender, scheme];
    const flat = flatHeaders(headers);
    const head = joinHead(partsOf(lead, flat));
    const bytes = bodyBytes(body) ?? EMPTY;
    return sentHeaders(native.signResponse(this.#native, head, flat.length, status, bytes, now));
  }

  // The decisions so far: `{ outcome, name, count }` each.
  stats() {
    return native.stats(this.#native);
  }

  // The rest is for the adapters of this package; see gate.js.

  isExempt(head, fields) {
    return native.isExempt(this.#native, head, fields);
  }

  // The headers that a response to this rejection needs (RFC 9110, 11.6.1).
  challenge({ status }) {
    return status === challengedStatus ? { 'WWW-Authenticate': `Sealwire realm="${this.service}"` } : {};
  }

  // By the `client` headers alone: undefined where one is missing, could be two, or is too long to be one.
  verdictOfClient(method, url, id, timestamp, requestId, signature) {
    if (id === undefined || timestamp === undefined || requestId === undefined || signature === undefined) {
      return undefined;
    }
    const lengths = bytes(method.length, id.length, timestamp.length, requestId.length, signature.length);
    if (lengths === undefined) return undefined;
    const head = method + id + timestamp + requestId + signature + url;
    return this.#verifyClient(head, lengths) ?? undefined;
  }

  verdictOfHead(head, fields) {
    return this.#verify(head, fields);
  }

  // Judges the head. A string is a rejection's verdict.
  begin(head, fields) {
    return native.begin(this.#native, head, fields);
  }

  readsBody(waiting) {
    return native.readsBody(waiting);
  }

  // A string is a rejection's verdict.
  update(waiting, chunk) {
    return native.update(this.#native, waiting, chunk) ?? undefined;
  }

  // The verdict on a request whose body did not arrive in time.
  expire(waiting) {
    return native.expire(this.#native, waiting);
  }

  finish(waiting) {
    return this.#shared ? this.#claim(waiting) : native.finish(this.#native, waiting);
  }

  async #claim(waiting, now) {
    const proven = native.prove(this.#native, waiting);
    if (typeof proven === 'string') return proven;
    const claim = native.sharedClaim(proven);
    const first = claim ? await this.#ask(claim) : true;
    return native.settle(this.#native, proven, first, now);
  }

  // Undefined when the store cannot tell: core turns the request away then.
  async #ask({ key, expiresS }) {
    try {
      const first = await this.#shared.claim(key, expiresS * 1000);
      return typeof first === 'boolean' ? first : undefined;
    } catch (error) {
      this.#shared.onError?.(error);
      return undefined;
    }
  }
}

const BYTE = 0xff;

// Five bytes as one number, the first one lowest; undefined where one is no byte.
function bytes(a, b, c, d, e) {
  return (a | b | c | d | e) > BYTE ? undefined : a + 0x100 * (b + 0x100 * (c + 0x100 * (d + 0x100 * e)));
}

// The target is verified unchanged, because a normalised target would not be the signed one.
const targetOf = (url) => (typeof url === 'string' ? url : url.pathname + url.search);

// Parts of a request that are no headers.
const LEAD = 5;

const wholeRequest = (method, url, headers, authority = '', scheme = 'https') =>
  partsOf([method, targetOf(url), authority || hostOf(url, headers), scheme, ''], headers);

// The host of a URL object, where no `Host` header names one. The header comes first, because frameworks make up the host of a
// URL: `new URL(req.url, 'http://localhost')`.
function hostOf(url, headers) {
  if (typeof url === 'string') return '';
  const isHost = (name, at) => at % 2 === 0 && /^host$/i.test(name);
  return flatHeaders(headers).some(isHost) ? '' : url.host;
}

function orThrow(verdict, sender, nonce) {
  if (isAccepted(verdict)) return new Identity(verdict, sender, nonce);
  throw new RejectedError(new Rejection(verdict));
}

module.exports = { Verifier };
