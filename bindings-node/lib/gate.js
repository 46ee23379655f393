'use strict';

// Verifies incoming requests. This module is shared by all server adapters.

const { GONE, LATE, takeBody } = require('./body.js');
const { claimedIdentities, recordClaim } = require('./claims.js');
const { Rejection } = require('./errors.js');
const { asKeys, flatHeaders, joinHead, partsOf } = require('./head.js');
const { Hooks } = require('./hooks.js');
const { Identity, isAccepted } = require('./identity.js');
const native = require('./native.js');
const { responseSettings } = require('./responses.js');
const { verifierOf } = require('./server-settings.js');

const { clientHeaders, modes } = native.catalog();
const [CLIENT_ID, TIMESTAMP, REQUEST_ID, SIGNATURE] = asKeys(clientHeaders);
const [OFF, OBSERVE] = modes;

const BODY_TIMEOUT_MS = 60_000;

// The result for a request that needs no signature.
const EXEMPT = Symbol('needs no signature');

class Gate {
  #verifier;
  #exempts;
  #healthChecks;
  #hooks;
  #metrics;
  #logger;
  #bodyTimeoutMs;

  constructor(config) {
    this.#verifier = verifierOf(config); // validates all settings
    this.#verifier.prepareClaimed();
    const { logger, metrics, localHealthCheck = true, bodyTimeoutMs = BODY_TIMEOUT_MS } = config;
    this.#logger = logger;
    this.#metrics = metrics;
    this.#healthChecks = localHealthCheck;
    this.#bodyTimeoutMs = bodyTimeoutMs;
    this.#hooks = new Hooks(config);
    this.responses = responseSettings(config);
    this.#exempts = this.#verifier.hasExemptions;
    metrics?.know?.(this.#verifier.keys); // custom metrics objects may lack this method
  }

  get verifier() {
    return this.#verifier;
  }

  // Verifies a request. `url` is the signed target, and `routed` is the target that the application uses for routing. `raw` is
  // another target that a part of the application uses for routing, or undefined. Path rules apply to both. The result is one of:
  // - an Identity, for an accepted request
  // - a Rejection, if the request must be rejected
  // - EXEMPT, if the request needs no signature
  // - GONE, if the client closed the connection
  // - undefined, for a request that is accepted without an Identity
  // Returns a promise if the verification must wait for the body, a hook or a shared store.
  judge(req, url, routed = url, raw = undefined) {
    if (this.#hooks.skip) return this.#judgeUnlessSkipped(req, url, routed, raw);
    return this.#judge(req, url, routed, raw);
  }

  async #judgeUnlessSkipped(req, url, routed, raw) {
    return (await this.#hooks.skip(req)) === true ? EXEMPT : this.#judge(req, url, routed, raw);
  }

  #judge(req, url, routed, raw) {
    if (this.#isExempt(req, url, routed, raw)) return EXEMPT;
    const claimed = claimedIdentities(req, this.#verifier.replay);
    if (claimed) return this.#judgeAny(req, url, routed, raw, claimed);
    if (this.#verifier.clientOnly && !this.#hooks.looksUpKeys)
      return this.#judgeClient(req, url, routed, raw);
    return this.#judgeAny(req, url, routed, raw);
  }

  #isExempt(req, url, routed, raw) {
    if (!this.#exempts || !this.#verifier.isExempt(...this.#head(req, url, routed))) return false;
    return raw === undefined || this.#verifier.isExempt(...this.#head(req, url, raw));
  }

  // Verifies a request if only the `client` scheme is accepted. This is faster than the general case. A request is
  // compared with a health check only after verification has failed, because health checks are usually unsigned.
  #judgeClient(req, url, routed, raw) {
    const started = this.#startsClock();
    const { method, headers } = req;
    const id = headers[CLIENT_ID];
    const timestamp = headers[TIMESTAMP];
    const requestId = headers[REQUEST_ID];
    const signature = headers[SIGNATURE];
    const verdict = this.#verifier.verdictOfClient(method, url, id, timestamp, requestId, signature);
    if (verdict !== undefined && isAccepted(verdict)) {
      return this.#accept(req, new Identity(verdict, id, requestId), started);
    }
    if (this.#isHealthCheck(req, routed, raw)) return EXEMPT;
    return this.#decide(
      req,
      verdict ?? this.#verifier.verdictOfHead(...this.#head(req, url, routed)),
      started,
    );
  }

  // `claimed` contains the identities under which earlier guards claimed nonces of this request in the same replay store. It is
  // undefined for the first guard.
  #judgeAny(req, url, routed, raw, claimed = undefined) {
    if (this.#isHealthCheck(req, routed, raw)) return EXEMPT;
    const call = { req, url, routed, raw, claimed, started: this.#startsClock() };
    return this.#hooks.looksUpKeys ? this.#judgeWithLookUp(call) : this.#continue(call, this.#begin(call));
  }

  // Verifies a head. If the sender rules apply to a second target, verifies the head with this target too. This is rare, because
  // most paths contain no codes that h3 1 decodes and `encodeURI` does not encode again.
  #begin({ req, url, routed, raw, claimed }) {
    const begin = claimed ? 'beginClaimed' : 'begin';
    const waiting = this.#verifier[begin](...this.#head(req, url, routed));
    if (raw === undefined || !this.#verifier.hasRules || typeof waiting === 'string') return waiting;
    const other = this.#verifier[begin](...this.#head(req, url, raw));
    if (typeof other !== 'string') {
      this.#verifier.release(other);
      return waiting;
    }
    this.#verifier.release(waiting);
    return other;
  }

  // If the sender is unknown, calls the application's function that looks up keys, and then verifies the request again.
  async #judgeWithLookUp(call) {
    this.#hooks.expireKeys(this.#verifier.keys);
    const waiting = this.#begin(call);
    const isUnknown = typeof waiting === 'string';
    const found = isUnknown && (await this.#hooks.findKeys(new Rejection(waiting), this.#verifier.keys));
    return this.#continue(call, found ? this.#begin(call) : waiting);
  }

  #continue(call, waiting) {
    return typeof waiting === 'string'
      ? this.#decide(call.req, waiting, call.started)
      : this.#judgeBody(call, waiting);
  }

  async #judgeBody(call, waiting) {
    const { req, url, routed, raw, claimed, started } = call;
    try {
      const stopped = this.#verifier.readsBody(waiting) ? await this.#readBody(req, waiting) : undefined;
      if (stopped === GONE) return GONE;
      const early = stopped === LATE ? this.#verifier.expire(waiting) : stopped;
      const verdict = early ?? (await this.#verifier.finish(waiting, claimed));
      // A request can have two signatures with different nonces. Then this guard claims the nonce of its signature.
      return verdict === undefined
        ? this.#judgeAny(req, url, routed, raw)
        : this.#decide(req, verdict, started);
    } finally {
      this.#verifier.release(waiting);
    }
  }

  #readBody(req, waiting) {
    const take = (chunk) => this.#verifier.update(waiting, chunk);
    return req.readBody ? req.readBody(take, this.#bodyTimeoutMs) : takeBody(req, take, this.#bodyTimeoutMs);
  }

  // Returns the signature headers for a response. Returns undefined if the caller has no key for this service, or if the
  // request's MAC was invalid. In the second case, a signature would reveal which senders exist.
  signResponse(req, url, caller, response) {
    if (caller.macWasValid === false) return undefined;
    const [method, authority, scheme] = [req.method, authorityOf(req), this.#schemeOf(req)];
    const request = { method, url, headers: headersOf(req), authority, scheme };
    try {
      return this.#verifier.signResponse(request, caller, response);
    } catch (error) {
      if (error.code === 'SEALWIRE_SIGN') return undefined;
      throw error;
    }
  }

  // Returns the status, headers and body of the response to a rejected request. Returns a promise if the application has set
  // the `onReject` hook.
  rejectionResponse(req, rejection) {
    const headers = {
      'Content-Type': 'text/plain; charset=utf-8',
      ...this.#verifier.rejectionHeaders(rejection),
    };
    const usual = { status: rejection.status, headers, body: rejection.publicText };
    return this.#hooks.onReject(req, rejection, usual);
  }

  // Returns a request head for the native addon, and the number of header parts. The head contains both the signed and the
  // routed target.
  #head(req, url, routed) {
    const headers = headersOf(req);
    const parts = partsOf([req.method, url, authorityOf(req), this.#schemeOf(req), routed], headers);
    return [joinHead(parts), headers.length];
  }

  // Returns the URL scheme of a request. The setting takes precedence over the connection, because a server behind a TLS proxy
  // receives requests over plain HTTP.
  #schemeOf(req) {
    return this.#verifier.scheme ?? (req.socket?.encrypted ? 'https' : 'http');
  }

  #startsClock() {
    return this.#metrics ? performance.now() : 0;
  }

  #isHealthCheck(req, routed, raw = routed) {
    if (!this.#healthChecks) return false;
    const peer = String(req.socket?.remoteAddress ?? '');
    const isCheck = (target) => native.isLocalHealthCheck(req.method, target, peer);
    return isCheck(routed) && (raw === routed || isCheck(raw));
  }

  #decide(req, verdict, started) {
    return isAccepted(verdict)
      ? this.#accept(req, new Identity(verdict), started)
      : this.#reject(req, new Rejection(verdict), started);
  }

  #accept(req, identity, started) {
    recordClaim(req, identity, this.#verifier.replay);
    this.#metrics?.accepted(identity, secondsSince(started));
    this.#logger?.info({
      Authorized: true,
      ClientID: identity.sender,
      Reason: 'Match',
      ...identity.toJSON(),
    });
    return identity;
  }

  #reject(req, rejection, started) {
    if (rejection.mode === OFF) return undefined;
    const enforced = rejection.mode !== OBSERVE;
    this.#metrics?.rejected(rejection, secondsSince(started), enforced);
    this.#logger?.warn(logged(rejection, req));
    if (enforced) return rejection;
    req.sealwireRejection = rejection;
    return undefined;
  }
}

const secondsSince = (started) => (performance.now() - started) / 1000;

// The base URL of the pages about rejection reasons, which are generated from host/src/help.
const HELP = 'https://github.com/sealwire/sealwire/blob/main/docs/reasons/';
const MAX_LOGGED = 256;
const limited = (text) => String(text ?? '').slice(0, MAX_LOGGED);

// Returns a log record for a rejected request. The length of each field is limited.
function logged({ publicText, sender, code, mode, scheme, keyVersion, ageMs, field }, req) {
  return {
    Authorized: false,
    reason: publicText,
    clientId: limited(sender),
    code,
    mode,
    scheme,
    keyVersion,
    ageMs,
    field,
    help: `${HELP}${code}.md`,
    method: limited(req.method),
    path: limited(pathOf(req.originalUrl ?? req.url ?? '')),
    peer: limited(req.socket?.remoteAddress),
  };
}

const pathOf = (target) => target.split('?', 1)[0];

// Returns the header lines as a flat list. Serverless hosts set `headers`, but not `rawHeaders`.
function headersOf({ rawHeaders, headers }) {
  return rawHeaders?.length > 0 ? rawHeaders : flatHeaders(headers ?? {});
}

// Returns the authority of an HTTP/2 request. For HTTP/1, returns an empty string, so that the native addon uses the Host
// header.
const authorityOf = ({ headers }) => headers[':authority'] ?? '';

module.exports = { EXEMPT, Gate, GONE };
