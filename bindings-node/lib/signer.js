'use strict';

const { brandOf, handleOf } = require('./brands.js');
const { checkSettings } = require('./check-settings.js');
const { signingTime } = require('./clock.js');
const { Rejection, RejectedError } = require('./errors.js');
const {
  asKeys,
  beyondLatin1,
  bodyBytes,
  EMPTY,
  flatHeaders,
  joinHead,
  partsOf,
  sentHeaders,
  splitUrl,
} = require('./head.js');
const { isAccepted } = require('./identity.js');
const { KeyRing } = require('./key-ring.js');
const { RepeatedParts } = require('./repeated-parts.js');
const native = require('./native.js');

const { clientScheme, clientSigned, clientSignedLengths } = native.catalog();
const [CLIENT_ID, TIMESTAMP, SIGNATURE, REQUEST_ID] = asKeys(clientSigned);
// The offsets of the last two values, counted from the end of the string that the native addon returns.
const REQUEST_ID_AT = -clientSignedLengths[1];
const SIGNATURE_AT = REQUEST_ID_AT - clientSignedLengths[0];

const NO_HEADERS = [];

const SIGNER = brandOf('Signer');

// Signs requests with a name, keys and schemes. Create a signer once and use it for all requests.
class Signer {
  #native;
  #sign;
  #signClient;
  #repeated = new RepeatedParts();
  #method = undefined;
  #clock;

  constructor(options) {
    checkSettings('signer', options, 'new Signer()');
    const { name, keys, schemes, receiver = '', coverFields, ignoreAuthority, clock } = options;
    this.#clock = clock;
    this.#native = native.newSigner({ name, schemes, coverFields, ignoreAuthority }, KeyRing.handle(keys));
    if (receiver !== '') native.checkReceiver(this.#native, receiver);
    this.#sign = native.signing(this.#native);
    this.#signClient = native.clientSigning(this.#native);
    this.name = name;
    this.keys = keys;
    this.receiver = receiver;
    // Whether signatures cover the body.
    this.coversBody = !(schemes?.length === 1 && schemes[0] === clientScheme);
  }

  // Throws an error if the keys cannot sign for a receiver. Client integrations call this method during construction.
  checkReceiver(receiver) {
    native.checkReceiver(this.#native, receiver);
  }

  // Returns whether an object is a Signer from this or another copy of the package.
  static is(object) {
    return handleOf(object, SIGNER) !== undefined;
  }

  [SIGNER]() {
    return this.#native;
  }

  // Returns the headers to add to a request. The `now` option is for tests.
  sign({
    method,
    url,
    headers,
    body,
    authority = '',
    scheme = 'https',
    receiver = this.receiver,
    userId = '',
    nonce = '',
    now: given,
  }) {
    const now = this.#now(given);
    const bytes = bodyBytes(body);
    if (this.#takesNothingElse(userId, nonce, now)) return this.signClient(method, url);
    const target = textOf(url);
    const flat = headers === undefined ? NO_HEADERS : flatHeaders(headers);
    const lines = linesOf(flat);
    const changed = this.#repeated.changed(method, authority, scheme, receiver, userId, nonce);
    const signed = this.#signed(target, changed, bytes, lines, flat.length, now);
    if (signed !== '') return sentHeaders(signed);
    const { target: parsed, authority: host, scheme: protocol } = splitUrl(target, authority, scheme);
    const lead = this.#repeated.changed(method, host, protocol, receiver, userId, nonce);
    return sentHeaders(this.#signed(parsed, lead, bytes, lines, flat.length, now) || beyondLatin1());
  }

  // Returns the given time, or the time from `clock`. If there is neither, returns undefined, and the native addon reads the
  // system clock.
  #now(given) {
    return given ?? (this.#clock ? signingTime(this.#clock) : undefined);
  }

  // Returns whether only the method and URL are signed.
  #takesNothingElse(userId, nonce, now) {
    return !this.coversBody && now === undefined && userId === '' && nonce === '';
  }

  // Omits optional arguments that are undefined, because checking for undefined in native code takes longer.
  #signed(target, lead, bytes, lines, fields, now) {
    const signed =
      lines === undefined && now === undefined
        ? this.#signBare(target, lead, bytes)
        : this.#sign(target, lead, bytes, lines, fields, now);
    this.#repeated.held();
    return signed;
  }

  #signBare(target, lead, bytes) {
    if (bytes !== undefined) return this.#sign(target, lead, bytes);
    return lead === undefined ? this.#sign(target) : this.#sign(target, lead);
  }

  // Signs with only the `client` scheme. The values have known lengths, so they are assigned without parsing, which would take
  // longer than signing.
  signClient(method, url) {
    if (this.#clock) return this.sign({ method, url });
    const target = textOf(url);
    const values =
      this.#clientValues(method, target) ||
      this.#clientValues(method, splitUrl(target).target) ||
      beyondLatin1();
    const headers = {};
    headers[CLIENT_ID] = this.name;
    headers[TIMESTAMP] = values.slice(0, SIGNATURE_AT);
    headers[SIGNATURE] = values.slice(SIGNATURE_AT, REQUEST_ID_AT);
    headers[REQUEST_ID] = values.slice(REQUEST_ID_AT);
    return headers;
  }

  // Returns the values of the signed headers. The native addon stores the last request's method, so the method is passed only
  // if it has changed.
  #clientValues(method, target) {
    if (method === this.#method) return this.#signClient(target);
    const changed = `${method}`;
    this.#method = undefined;
    const values = this.#signClient(target, changed);
    this.#method = method;
    return values;
  }

  // Verifies the response to a signed request. Returns `{ serverTime, keyVersion }`, or throws a RejectedError. `request`
  // contains the headers that were sent with the request. `body` is the response body before decompression.
  verifyResponse(request, { status, headers, body }) {
    const { method, url, authority, scheme, receiver = this.receiver } = request;
    const { target, authority: host, scheme: protocol } = splitUrl(url, authority, scheme);
    const sent = flatHeaders(request.headers);
    const head = joinHead(partsOf([method, target, host, protocol, receiver], sent));
    const received = flatHeaders(headers);
    const responseHead = joinHead(received);
    const bytes = bodyBytes(body) ?? EMPTY;
    const verdict = native.verifyResponse(
      this.#native,
      head,
      sent.length,
      status,
      responseHead,
      received.length,
      bytes,
    );
    if (!isAccepted(verdict)) throw new RejectedError(new Rejection(verdict));
    const [, seconds, version] = verdict.split('\n');
    return { serverTime: new Date(Number(seconds) * 1000), keyVersion: Number(version) };
  }
}

const linesOf = (flat) => (flat.length === 0 ? undefined : flat.join('\n'));

const textOf = (url) => (typeof url === 'string' ? url : String(url));

module.exports = { Signer };
