'use strict';

const { failure, Rejection, RejectedError } = require('./errors.js');
const { bodyBytes, EMPTY, flatHeaders, joinHead, latin1, unflattened } = require('./head.js');
const { Identity, isAccepted } = require('./identity.js');
const { KeyRing } = require('./key-ring.js');
const { Modes } = require('./modes.js');
const native = require('./native.js');
const { ReplayTable } = require('./replay-table.js');
const { settings } = require('./settings.js');

// A policy, keys and a home for nonces: made once, asked per request.
class Verifier {
  #native;
  #replay;
  #shared;

  constructor({ keys, replay = 'heap', modes, ...options }) {
    const { table, shared } = home(replay, options);
    this.#replay = table;
    this.#shared = shared;
    const handles = [KeyRing.handle(keys), ReplayTable.handle(table), Modes.handle(modes)];
    this.#native = native.newVerifier(settings(options), ...handles);
    this.keys = keys;
    this.modes = modes ?? Modes.of(this.#native);
  }

  get replay() {
    return this.#replay ?? this.#shared;
  }

  // An `Identity`, or a `RejectedError` thrown. `now` is for tests.
  verify({ method, url, headers, body, authority, scheme, now }) {
    if (this.#shared) {
      throw failure('CONFIG', 'this verifier claims nonces in a shared store; await verifyAsync instead');
    }
    const { head, fields } = joined({ method, url, headers, authority, scheme });
    return orThrow(native.verify(this.#native, head, fields, bodyBytes(body), now));
  }

  async verifyAsync(request) {
    if (!this.#shared) return this.verify(request);
    const { head, fields } = joined(request);
    const waiting = native.begin(this.#native, head, fields, request.now);
    if (typeof waiting === 'string') return orThrow(waiting);
    const refused = native.update(this.#native, waiting, bodyBytes(request.body) ?? EMPTY);
    return orThrow(refused ?? (await this.#claim(waiting, request.now)));
  }

  // The headers that tell who answered a request, given whom it was from: an Identity, or what it was rejected with.
  signAnswer(request, { sender, scheme }, { status, body, now }) {
    const { head, fields } = joined(request, `\n${sender}\n${scheme}`);
    return unflattened(native.signAnswer(this.#native, head, fields, status, bodyBytes(body) ?? EMPTY, now));
  }

  // What has been decided so far: `{ outcome, name, count }` each.
  stats() {
    return native.stats(this.#native);
  }

  // What follows is for the adapters of this package; see gate.js.

  get claimsAtOnce() {
    return !this.#shared;
  }

  isExempt(path) {
    return native.isExempt(this.#native, path);
  }

  verdictOfClient(head) {
    return native.verifyClient(this.#native, head);
  }

  verdictOfHead(head, fields) {
    return native.verify(this.#native, head, fields);
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

function home(replay, { pastMs, futureMs }) {
  if (replay === 'heap') return { table: ReplayTable.heap({ windowSeconds: seconds(pastMs, futureMs) }) };
  if (typeof replay === 'string') return { table: ReplayTable.mapped(replay) };
  if (ReplayTable.handle(replay)) return { table: replay };
  if (typeof replay?.claim === 'function') return { shared: replay };
  throw failure(
    'CONFIG',
    "replay: give 'heap', a file's path, a ReplayTable, or a store with claim(key, expiresAtMs)",
  );
}

// A wider window than usual needs a larger table.
function seconds(pastMs, futureMs) {
  const both = Math.ceil((pastMs + futureMs) / 1000);
  return both > 0 && both < 1e6 ? both : undefined;
}

// The target is judged as it came: what a verifier normalised would not be what was sent.
function joined({ method, url, headers, authority = '', scheme = 'https' }, more = '') {
  const flat = flatHeaders(headers);
  const target = typeof url === 'string' ? url : url.pathname + url.search;
  return {
    head: latin1(joinHead(`${method}\n${target}\n${authority}\n${scheme}${more}`, flat)),
    fields: flat.length,
  };
}

function orThrow(verdict) {
  if (isAccepted(verdict)) return new Identity(verdict);
  throw new RejectedError(new Rejection(verdict));
}

module.exports = { Verifier };
