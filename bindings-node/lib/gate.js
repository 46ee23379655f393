'use strict';

// Verifies incoming requests, for all server adapters.

const { GONE, LATE, takeBody } = require('./body.js');
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
    const { logger, metrics, localHealthCheck = true, bodyTimeoutMs = BODY_TIMEOUT_MS } = config;
    this.#logger = logger;
    this.#metrics = metrics;
    this.#healthChecks = localHealthCheck;
    this.#bodyTimeoutMs = bodyTimeoutMs;
    this.#hooks = new Hooks(config);
    this.responses = responseSettings(config);
    this.#exempts = this.#verifier.hasExemptions;
    metrics?.know?.(this.#verifier.keys); // custom metrics objects may not have this method
  }

  get verifier() {
    return this.#verifier;
  }

  // Resolves to an Identity, a Rejection to respond with, EXEMPT, GONE, or undefined for a request that is
  // accepted without an identity. Returns a promise if the body, a hook or a shared store takes time. `url`
  // is the signed target, and `routed` is the target that the application routes.
  judge(req, url, routed = url) {
    if (this.#hooks.skip) return this.#judgeUnlessSkipped(req, url, routed);
    return this.#judge(req, url, routed);
  }

  async #judgeUnlessSkipped(req, url, routed) {
    return (await this.#hooks.skip(req)) === true ? EXEMPT : this.#judge(req, url, routed);
  }

  #judge(req, url, routed) {
    if (this.#exempts && this.#verifier.isExempt(...this.#head(req, url, routed))) return EXEMPT;
    if (this.#verifier.clientOnly && !this.#hooks.looksUpKeys) return this.#judgeClient(req, url, routed);
    return this.#judgeAny(req, url, routed);
  }

  // The fast path for the `client` scheme. A health check usually has no headers of the scheme, so it is
  // detected only after an invalid signature.
  #judgeClient(req, url, routed) {
    const started = this.#startsClock();
    const { method, headers } = req;
    const id = headers[CLIENT_ID];
    const timestamp = headers[TIMESTAMP];
    const requestId = headers[REQUEST_ID];
    const signature = headers[SIGNATURE];
    const verdict = this.#verifier.verdictOfClient(method, url, id, timestamp, requestId, signature);
    if (verdict !== undefined && isAccepted(verdict)) {
      return this.#accept(new Identity(verdict, id, requestId), started);
    }
    if (this.#isHealthCheck(req, routed)) return EXEMPT;
    return this.#decide(
      req,
      verdict ?? this.#verifier.verdictOfHead(...this.#head(req, url, routed)),
      started,
    );
  }

  #judgeAny(req, url, routed) {
    if (this.#isHealthCheck(req, routed)) return EXEMPT;
    const started = this.#startsClock();
    const head = this.#head(req, url, routed);
    if (this.#hooks.looksUpKeys) return this.#judgeWithLookUp(req, head, started);
    return this.#continue(req, this.#verifier.begin(...head), started);
  }

  // Requests the keys of an unknown sender from the application, and then verifies again.
  async #judgeWithLookUp(req, head, started) {
    this.#hooks.expireKeys(this.#verifier.keys);
    const waiting = this.#verifier.begin(...head);
    const isUnknown = typeof waiting === 'string';
    const found = isUnknown && (await this.#hooks.findKeys(new Rejection(waiting), this.#verifier.keys));
    return this.#continue(req, found ? this.#verifier.begin(...head) : waiting, started);
  }

  #continue(req, waiting, started) {
    return typeof waiting === 'string'
      ? this.#decide(req, waiting, started)
      : this.#judgeBody(req, waiting, started);
  }

  async #judgeBody(req, waiting, started) {
    try {
      const stopped = this.#verifier.readsBody(waiting) ? await this.#readBody(req, waiting) : undefined;
      if (stopped === GONE) return GONE;
      const verdict = stopped === LATE ? this.#verifier.expire(waiting) : stopped;
      return this.#decide(req, verdict ?? (await this.#verifier.finish(waiting)), started);
    } finally {
      this.#verifier.release(waiting);
    }
  }

  #readBody(req, waiting) {
    const take = (chunk) => this.#verifier.update(waiting, chunk);
    return req.readBody ? req.readBody(take, this.#bodyTimeoutMs) : takeBody(req, take, this.#bodyTimeoutMs);
  }

  // Returns the headers that sign a response. Returns undefined if the caller has no key of this service or
  // did not prove it, because a signature would reveal which senders exist.
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

  // Returns the status, headers and body of the response to a rejection. Returns a promise if the application
  // has a hook for it.
  rejectionResponse(req, rejection) {
    const headers = {
      'Content-Type': 'text/plain; charset=utf-8',
      ...this.#verifier.rejectionHeaders(rejection),
    };
    const usual = { status: rejection.status, headers, body: rejection.publicText };
    return this.#hooks.onReject(req, rejection, usual);
  }

  // Returns the head for the native addon, with the signed target and the routed target.
  #head(req, url, routed) {
    const headers = headersOf(req);
    const parts = partsOf([req.method, url, authorityOf(req), this.#schemeOf(req), routed], headers);
    return [joinHead(parts), headers.length];
  }

  // The setting takes precedence, because a server behind a TLS proxy receives only `http`.
  #schemeOf(req) {
    return this.#verifier.scheme ?? (req.socket?.encrypted ? 'https' : 'http');
  }

  #startsClock() {
    return this.#metrics ? performance.now() : 0;
  }

  #isHealthCheck(req, routed) {
    return (
      this.#healthChecks &&
      native.isLocalHealthCheck(req.method, routed, String(req.socket?.remoteAddress ?? ''))
    );
  }

  #decide(req, verdict, started) {
    return isAccepted(verdict)
      ? this.#accept(new Identity(verdict), started)
      : this.#reject(req, new Rejection(verdict), started);
  }

  #accept(identity, started) {
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

// The pages of reasons, generated from host/src/help.
const HELP = 'https://github.com/sealwire/sealwire/blob/main/docs/reasons/';
const MAX_LOGGED = 256;
const limited = (text) => String(text ?? '').slice(0, MAX_LOGGED);

// Returns a log record with limited size.
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

// Returns the header lines as a flat list. Serverless hosts only set `headers`.
function headersOf({ rawHeaders, headers }) {
  return rawHeaders?.length > 0 ? rawHeaders : flatHeaders(headers ?? {});
}

// Returns the authority of HTTP/2. For HTTP/1, the native addon reads the Host header.
const authorityOf = ({ headers }) => headers[':authority'] ?? '';

module.exports = { EXEMPT, Gate, GONE };
