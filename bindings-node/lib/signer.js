'use strict';

const { Rejection, RejectedError } = require('./errors.js');
const {
  asKeys,
  beyondLatin1,
  bodyBytes,
  EMPTY,
  flatHeaders,
  joinHead,
  sentHeaders,
  splitUrl,
} = require('./head.js');
const { isAccepted } = require('./identity.js');
const { KeyRing } = require('./key-ring.js');
const native = require('./native.js');

const { clientScheme, clientSigned, clientSignedLengths } = native.catalog();
const [CLIENT_ID, TIMESTAMP, SIGNATURE, REQUEST_ID] = asKeys(clientSigned);
// Where the last two of their values begin, from the end.
const REQUEST_ID_AT = -clientSignedLengths[1];
const SIGNATURE_AT = REQUEST_ID_AT - clientSignedLengths[0];

const NO_HEADERS = [];

// A name, keys and schemes: made once, asked per request.
class Signer {
  #native;
  #sign;
  #signClient;
  #last = {};

  constructor({ name, keys, schemes, receiver = '', coverFields, ignoreAuthority }) {
    this.#native = native.newSigner({ name, schemes, coverFields, ignoreAuthority }, KeyRing.handle(keys));
    this.#sign = native.signing(this.#native);
    this.#signClient = native.clientSigning(this.#native);
    this.name = name;
    this.keys = keys;
    this.receiver = receiver;
    // Whether the body's bytes are part of what is signed.
    this.coversBody = !(schemes?.length === 1 && schemes[0] === clientScheme);
  }

  // The headers to send beside the request's own. `now` is for tests.
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
    now,
  }) {
    const bytes = bodyBytes(body);
    if (this.#takesNothingElse(userId, nonce, now)) return this.signClient(method, url);
    const flat = headers === undefined ? NO_HEADERS : flatHeaders(headers);
    const signed = (target, host, protocol) => {
      const lead = `${method}\n${target}\n${this.#parties(host, protocol, receiver, userId)}\n${nonce}`;
      const head = joinHead(lead, flat);
      if (bytes === undefined && now === undefined) return this.#sign(head, flat.length);
      return this.#sign(head, flat.length, bytes, now);
    };
    return sentHeaders(signed(url, authority, scheme) || parsedFirst(url, authority, scheme, signed));
  }

  // Whether method and URL are all that is signed.
  #takesNothingElse(userId, nonce, now) {
    return !this.coversBody && now === undefined && userId === '' && nonce === '';
  }

  // The parts of a head that stay the same while one service is called, joined when they change.
  #parties(host, protocol, receiver, userId) {
    const last = this.#last;
    const same = last.host === host && last.protocol === protocol && last.receiver === receiver;
    if (!same || last.userId !== userId) {
      const joined = [host, protocol, receiver, userId].join('\n');
      this.#last = { host, protocol, receiver, userId, joined };
    }
    return this.#last.joined;
  }

  // In `client` alone, at this moment: what is signed most. An object of known shape, filled without a loop, since
  // taking the answer apart would cost more than signing.
  signClient(method, url) {
    const signed = (target) => {
      const head = `${method}${target}`;
      return this.#signClient(head, head.length - target.length);
    };
    const values = signed(String(url)) || parsedFirst(url, undefined, undefined, signed);
    const headers = {};
    headers[CLIENT_ID] = this.name;
    headers[TIMESTAMP] = values.slice(0, SIGNATURE_AT);
    headers[SIGNATURE] = values.slice(SIGNATURE_AT, REQUEST_ID_AT);
    headers[REQUEST_ID] = values.slice(REQUEST_ID_AT);
    return headers;
  }

  // Who answered a request that was signed here, and when: `{ serverTime, keyVersion }`, or a RejectedError thrown. The
  // request's headers are those it left with; the answer's body is what was transferred.
  verifyAnswer(request, { status, headers, body }) {
    const { method, url, authority, scheme, receiver = this.receiver } = request;
    const { target, authority: host, scheme: protocol } = splitUrl(url, authority, scheme);
    const sent = flatHeaders(request.headers);
    const head = joinHead(`${method}\n${target}\n${host}\n${protocol}\n${receiver}`, sent);
    const received = flatHeaders(headers);
    const answer = received.join('\n');
    const bytes = bodyBytes(body) ?? EMPTY;
    const verdict = native.verifyAnswer(
      this.#native,
      head,
      sent.length,
      status,
      answer,
      received.length,
      bytes,
    );
    if (!isAccepted(verdict)) throw new RejectedError(new Rejection(verdict));
    const [, seconds, version] = verdict.split('\n');
    return { serverTime: new Date(Number(seconds) * 1000), keyVersion: Number(version) };
  }
}

// Signs what a URL parser makes of a URL that could not be signed as it was.
function parsedFirst(url, authority, scheme, sign) {
  const { target, authority: host, scheme: protocol } = splitUrl(url, authority, scheme);
  const signed = sign(target, host, protocol);
  if (signed === '') throw beyondLatin1();
  return signed;
}

module.exports = { Signer };
