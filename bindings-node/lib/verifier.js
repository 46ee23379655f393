'use strict';

const { failure, Rejection, RejectedError, warn } = require('./errors.js');
const { isClaimed } = require('./claims.js');
const { clientValues } = require('./client-headers.js');
const { verifyingTime } = require('./clock.js');
const { bodyBytes, EMPTY, flatHeaders, joinHead, partsOf, sentHeaders } = require('./head.js');
const { Identity, isAccepted } = require('./identity.js');
const { KeyRing } = require('./key-ring.js');
const { Modes } = require('./modes.js');
const native = require('./native.js');
const { receivedUrl } = require('./received-url.js');
const { replayChoice } = require('./replay-choice.js');
const { ReplayTable } = require('./replay-table.js');
const { settings } = require('./settings.js');

const { cacheControlHeader, challengedStatus, challengeHeader, clientScheme, rejectedCacheControl } =
  native.catalog();

// Verifies requests with a policy, keys and a replay store. Create a verifier once and use it for all requests.
class Verifier {
  #native;
  #policy;
  #withoutStore;
  #verify;
  #verifyClient;
  #replay;
  #shared;
  #clock;
  #challenge;

  constructor(options) {
    const policy = settings(options);
    const { keys, replay, modes, scheme, clock } = options;
    this.#clock = clock;
    const { table, shared } = replayChoice(replay, keys, options);
    this.#replay = table;
    this.#shared = shared;
    this.#policy = policy;
    const handles = [KeyRing.handle(keys), ReplayTable.handle(table), Modes.handle(modes)];
    this.#native = native.newVerifier(policy, ...handles, Boolean(clock));
    for (const warning of native.verifierWarnings(this.#native)) warn(warning);
    this.#verify = native.verifying(this.#native);
    this.#verifyClient = native.clientVerifying(this.#native);
    this.keys = keys;
    this.modes = modes ?? Modes.of(this.#native);
    this.scheme = scheme;
    const { schemes, service = '', exemptPaths = [] } = policy;
    this.service = service;
    this.#challenge = native.challenge(service);
    this.hasExemptions = exemptPaths.length > 0;
    // `clientOnly` is true if the verifier needs only the `client` headers of a request. Rules for methods and paths need other
    // headers too.
    this.hasRules = policy.senders.some(
      ({ methods = [], pathPrefixes = [] }) => methods.length + pathPrefixes.length > 0,
    );
    this.clientOnly =
      schemes?.length === 1 && schemes[0] === clientScheme && !shared && !this.hasRules && !clock;
  }

  get replay() {
    return this.#replay ?? this.#shared;
  }

  // Returns the given time, or the time from `clock`. If there is neither, returns undefined, and the native addon reads the
  // system clock.
  #now(given) {
    return given ?? (this.#clock ? verifyingTime(this.#clock) : undefined);
  }

  // Returns an `Identity`, or throws a `RejectedError`. The `now` option is for tests.
  verify(request) {
    requireRequest(request);
    const { method, url, headers, body } = request;
    const now = this.#now(request.now);
    if (this.#shared) {
      throw failure('CONFIG', 'this verifier claims nonces in a shared store; await verifyAsync instead');
    }
    if (this.clientOnly && body === undefined && now === undefined && isTarget(url)) {
      const identity = this.#verifyHeaders(method, url, clientValues(flatHeaders(headers)));
      if (identity !== undefined) return identity;
    }
    const parts = wholeRequest(request, this.scheme);
    const [head, fields] = [joinHead(parts), parts.length - LEAD];
    // Arguments that are undefined are omitted, because checking for undefined in native code takes longer.
    if (body === undefined && now === undefined) return orThrow(this.#verify(head, fields));
    return orThrow(this.#verify(head, fields, bodyBytes(body), now));
  }

  // Verifies a request with only its `client` headers. Returns undefined if all headers are required.
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
    requireRequest(request);
    const { now } = request;
    const parts = wholeRequest(request, this.scheme);
    const waiting = native.begin(this.#native, joinHead(parts), parts.length - LEAD, this.#now(now));
    if (typeof waiting === 'string') return orThrow(waiting);
    const refused = native.update(this.#native, waiting, bodyBytes(request.body) ?? EMPTY);
    return orThrow(refused ?? (await this.#claim(waiting, now)));
  }

  // Returns the signature headers for a response. The second argument is the request's Identity or Rejection.
  signResponse(request, { sender, scheme }, { status, body, now }) {
    const flat = flatHeaders(request.headers);
    const [method, target, authority, protocol] = leadOf(request, this.scheme);
    const lead = [method, target, authority, protocol, sender, scheme];
    const head = joinHead(partsOf(lead, flat));
    const bytes = bodyBytes(body) ?? EMPTY;
    return sentHeaders(native.signResponse(this.#native, head, flat.length, status, bytes, this.#now(now)));
  }

  // Returns the counters as a list of `{ outcome, name, count }`.
  stats() {
    const counts = native.stats(this.#native);
    if (this.#withoutStore === undefined) return counts;
    const more = native.stats(this.#withoutStore);
    return counts.map((each, at) => ({ ...each, count: each.count + more[at].count }));
  }

  // The methods below are used by the adapters in this package, see gate.js.

  isExempt(head, fields) {
    return native.isExempt(this.#native, head, fields);
  }

  // Returns the headers for the response to a rejected request. The headers prevent caching. For a 401 response, they also contain
  // a challenge.
  rejectionHeaders({ status }) {
    const uncached = { [cacheControlHeader]: rejectedCacheControl };
    return status === challengedStatus ? { ...uncached, [challengeHeader]: this.#challenge } : uncached;
  }

  // Verifies a request with only its `client` headers. Returns undefined if a header is missing, may have been repeated, or is
  // too long.
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
    return this.#clock ? this.#verify(head, fields, EMPTY, this.#now()) : this.#verify(head, fields);
  }

  // Verifies a head. Returns a verification that is waiting for the body, or a string if the head is rejected.
  begin(head, fields) {
    return native.begin(this.#native, head, fields, this.#now());
  }

  // Creates the native verifier for `beginClaimed`. Guards call this method when they are created, because the settings are then
  // checked against the same keys as for this verifier.
  prepareClaimed() {
    this.#withoutStore ??= native.newVerifier(
      withoutModes(this.#policy),
      KeyRing.handle(this.keys),
      undefined,
      native.modesOf(this.#native),
      Boolean(this.#clock),
    );
  }

  // Like `begin`, for a request that an earlier guard has verified. The replay store already contains its nonce, so the head is
  // verified by a native verifier that has no store. It has the same policy, keys and modes.
  beginClaimed(head, fields) {
    return native.begin(this.#withoutStore, head, fields, this.#now());
  }

  readsBody(waiting) {
    return native.readsBody(waiting);
  }

  // Adds a chunk of the body. Returns a string if the request is rejected, otherwise undefined.
  update(waiting, chunk) {
    return native.update(this.#native, waiting, chunk) ?? undefined;
  }

  // Ends the verification of a request whose body did not arrive in time. Returns the verdict.
  expire(waiting) {
    return native.expire(this.#native, waiting);
  }

  // Frees an unfinished verification. Only the edge build needs this (edge/lib/native.mjs); the addon frees it automatically.
  release(waiting) {
    native.release?.(waiting);
  }

  // Verifies the complete body, claims the nonce and returns the verdict, or a promise of it. If `claimed` is set, does not claim
  // the nonce, but returns undefined if it is not the nonce of one of the `claimed` identities.
  finish(waiting, claimed = undefined) {
    if (claimed) return this.#finishClaimed(waiting, claimed);
    return this.#shared ? this.#claim(waiting) : native.finish(this.#native, waiting, this.#now());
  }

  #finishClaimed(waiting, claimed) {
    const proven = native.prove(this.#native, waiting);
    if (typeof proven === 'string') return proven;
    const hasNonce = native.sharedClaim(proven) !== null;
    const verdict = native.settle(this.#native, proven, true, this.#now());
    if (!hasNonce || !isAccepted(verdict)) return verdict;
    return isClaimed(new Identity(verdict), claimed) ? verdict : undefined;
  }

  async #claim(waiting, now) {
    const proven = native.prove(this.#native, waiting);
    if (typeof proven === 'string') return proven;
    const claim = native.sharedClaim(proven);
    const first = claim ? await this.#ask(claim) : true;
    return native.settle(this.#native, proven, first, this.#now(now));
  }

  // Claims a key in the shared store. Returns undefined if the store cannot decide. The core crate then rejects the request.
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

// Returns a policy without modes, for a verifier that receives them as a separate object.
function withoutModes({ mode: _mode, observeOnly: _observeOnly, senders, ...policy }) {
  return { ...policy, senders: senders.map(({ mode: _own, ...rules }) => rules) };
}

function requireRequest(request) {
  if (typeof request === 'object' && request !== null) return;
  throw failure('CONFIG', 'request: pass an object, such as { method, url, headers, body }');
}

const BYTE = 0xff;

// Packs five bytes into a number, with the first byte in the lowest bits. Returns undefined if a value is greater than 255.
function bytes(a, b, c, d, e) {
  return (a | b | c | d | e) > BYTE ? undefined : a + 0x100 * (b + 0x100 * (c + 0x100 * (d + 0x100 * e)));
}

const SLASH = '/'.charCodeAt(0);

// Returns whether a URL is a request target. A request target is not normalised, because the signature covers the target as it
// was sent.
const isTarget = (url) => typeof url === 'string' && url.charCodeAt(0) === SLASH;

// The number of parts that precede the headers.
const LEAD = 5;

const wholeRequest = (request, ownScheme) => partsOf(leadOf(request, ownScheme), request.headers);

// Returns the parts of a request that precede its headers.
function leadOf({ method, url, headers, authority = '', scheme }, ownScheme) {
  const given = scheme ?? ownScheme;
  if (isTarget(url)) return [method, url, authority, given ?? 'https', ''];
  const read = receivedUrl(url, headers, authority, given);
  return [method, read.target, read.authority, read.scheme ?? 'https', read.routed];
}

function orThrow(verdict, sender, nonce) {
  if (isAccepted(verdict)) return new Identity(verdict, sender, nonce);
  throw new RejectedError(new Rejection(verdict));
}

module.exports = { Verifier };
