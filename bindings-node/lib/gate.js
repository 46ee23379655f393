'use strict';

// Judges Node's requests: what the adapters for servers share.

const { GONE, takeBody } = require('./body.js');
const { failure, Rejection } = require('./errors.js');
const { asKeys, joinHead, partsOf } = require('./head.js');
const { Identity, isAccepted } = require('./identity.js');
const { KeyRing } = require('./key-ring.js');
const native = require('./native.js');
const { Verifier } = require('./verifier.js');

const { clientHeaders, clientScheme, modes } = native.catalog();
const [CLIENT_ID, TIMESTAMP, REQUEST_ID, SIGNATURE] = asKeys(clientHeaders);
const [OFF, OBSERVE] = modes;

// What a judged request is, when it is neither an Identity nor a Rejection.
const EXEMPT = Symbol('needs no signature');

class Gate {
  #verifier;
  #logger;
  #metrics;
  #exempts;
  #healthChecks;

  constructor(config) {
    const { verifier, logger, metrics, localHealthCheck = true, signResponses = false, ...rest } = config;
    const { schemes = [clientScheme], exemptPaths = [] } = rest;
    this.#verifier = verifier ?? makeVerifier({ ...rest, schemes });
    this.#logger = logger;
    this.#metrics = metrics;
    this.signsResponses = signResponses;
    this.#healthChecks = localHealthCheck;
    this.#exempts = exemptPaths.length > 0 || verifier !== undefined;
  }

  get verifier() {
    return this.#verifier;
  }

  // An Identity, a Rejection that stands, EXEMPT, GONE, or undefined for a request let through without an identity; a
  // promise of these where the body or a shared store has to be waited for. `url` is the target as on the wire.
  judge(req, url) {
    if (this.#exempts && this.#verifier.isExempt(url.split('?', 1)[0])) return EXEMPT;
    return this.#verifier.clientOnly ? this.#judgeClient(req, url) : this.#judgeAny(req, url);
  }

  // The quick way of the usual request. A health probe carries no headers, so it is looked for where they are missing,
  // and, since it may carry them, where they did not do.
  #judgeClient(req, url) {
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
    if (this.#isHealthCheck(req, url)) return EXEMPT;
    return this.#decide(verdict ?? this.#verifier.verdictOfHead(...wholeHead(req, url)), started);
  }

  #judgeAny(req, url) {
    if (this.#isHealthCheck(req, url)) return EXEMPT;
    const started = this.#startsClock();
    const waiting = this.#verifier.begin(...wholeHead(req, url));
    return typeof waiting === 'string'
      ? this.#decide(waiting, started)
      : this.#judgeBody(req, waiting, started);
  }

  async #judgeBody(req, waiting, started) {
    const take = (chunk) => this.#verifier.update(waiting, chunk);
    const read = req.readBody ?? ((take) => takeBody(req, take));
    const refused = this.#verifier.readsBody(waiting) ? await read(take) : undefined;
    return refused === GONE ? GONE : this.#decide(refused ?? (await this.#verifier.finish(waiting)), started);
  }

  // The headers that sign an answer. A rejection is signed too, for a caller that names itself truly.
  signResponse(req, url, caller, answer) {
    const { headers, rawHeaders, socket, method } = req;
    const scheme = socket?.encrypted ? 'https' : 'http';
    const request = { method, url, headers: rawHeaders, authority: headers[':authority'], scheme };
    return this.#verifier.signResponse(request, caller, answer);
  }

  #startsClock() {
    return this.#metrics ? performance.now() : 0;
  }

  #isHealthCheck(req, url) {
    return (
      this.#healthChecks &&
      native.isLocalHealthCheck(req.method, url, String(req.socket?.remoteAddress ?? ''))
    );
  }

  #decide(verdict, started) {
    return isAccepted(verdict)
      ? this.#accept(new Identity(verdict), started)
      : this.#reject(new Rejection(verdict), started);
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

  #reject(rejection, started) {
    if (rejection.mode === OFF) return undefined;
    const enforced = rejection.mode !== OBSERVE;
    this.#metrics?.rejected(rejection, secondsSince(started), enforced);
    this.#logger?.warn(logged(rejection));
    return enforced ? rejection : undefined;
  }
}

const secondsSince = (started) => (performance.now() - started) / 1000;

function logged({ publicText, sender, code, mode, scheme, keyVersion, ageMs, field }) {
  return {
    Authorized: false,
    reason: publicText,
    clientId: sender,
    code,
    mode,
    scheme,
    keyVersion,
    ageMs,
    field,
  };
}

function wholeHead(req, url) {
  const { rawHeaders, headers } = req;
  // Of HTTP/2; before it the native side reads the Host header.
  const authority = headers[':authority'] ?? '';
  const lead = [req.method, url, authority, req.socket?.encrypted ? 'https' : 'http'];
  return [joinHead(partsOf(lead, rawHeaders)), rawHeaders.length];
}

// The verifier of an adapter's configuration.
function makeVerifier({
  clientId,
  sharedSecret,
  clients,
  maxClockSkew,
  keys,
  allowWeak = false,
  ...settings
}) {
  const ring = keys ?? new KeyRing({ clients: clients ?? single(clientId, sharedSecret), allowWeak });
  const window = maxClockSkew === undefined ? {} : { pastMs: maxClockSkew, futureMs: maxClockSkew };
  const observeOnly = !native.isEnabled(process.env.HMAC_AUTH_ENABLED);
  return new Verifier({ keys: ring, observeOnly, ...window, ...settings });
}

function single(clientId, sharedSecret) {
  const missing = Object.entries({ clientId, sharedSecret }).find(([, value]) => !value);
  if (missing) {
    throw failure(
      'CONFIG',
      `${missing[0]}: set it, or give clients or keys; is its environment variable set?`,
    );
  }
  return { [clientId]: sharedSecret };
}

// Answers a rejected request: core's status and text, and nothing else.
function answer(res, rejection) {
  res.statusCode = rejection.status;
  res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  // What is left of the body is not read, so the connection cannot be used again.
  if (!res.req?.complete) res.setHeader('Connection', 'close');
  res.end(rejection.publicText);
}

module.exports = { answer, EXEMPT, Gate, GONE };
