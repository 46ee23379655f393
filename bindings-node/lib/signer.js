'use strict';

const { Rejection, RejectedError } = require('./errors.js');
const {
  asKeys,
  bodyBytes,
  EMPTY,
  flatHeaders,
  joinHead,
  latin1,
  splitUrl,
  unflattened,
} = require('./head.js');
const { isAccepted } = require('./identity.js');
const { KeyRing } = require('./key-ring.js');
const native = require('./native.js');

const { clientScheme, clientSigned } = native.catalog();
const [CLIENT_ID, TIMESTAMP, SIGNATURE, REQUEST_ID] = asKeys(clientSigned);

// A name, keys and schemes: made once, asked per request.
class Signer {
  #native;

  constructor({ name, keys, schemes, receiver = '', coverFields, ignoreAuthority }) {
    this.#native = native.newSigner({ name, schemes, coverFields, ignoreAuthority }, KeyRing.handle(keys));
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
    authority,
    scheme,
    receiver = this.receiver,
    userId = '',
    nonce = '',
    now,
  }) {
    const { target, authority: host, scheme: protocol } = splitUrl(url, authority, scheme);
    const bytes = bodyBytes(body);
    const plain = !this.coversBody && now === undefined && userId === '' && nonce === '';
    if (plain) return this.signClient(method, target);
    const flat = headers === undefined ? [] : flatHeaders(headers);
    const lead = `${method}\n${target}\n${host}\n${protocol}\n${receiver}\n${userId}\n${nonce}`;
    const head = latin1(joinHead(lead, flat));
    return unflattened(native.sign(this.#native, head, flat.length, bytes, now));
  }

  // In `client` alone, at this moment: what is signed most. An object of known shape, filled without a loop, since
  // taking the answer apart would cost more than signing.
  signClient(method, target) {
    const values = native.signClient(this.#native, latin1(`${method}\n${target}`));
    const timestampEnd = values.indexOf('\n');
    const signatureEnd = values.indexOf('\n', timestampEnd + 1);
    const headers = {};
    headers[CLIENT_ID] = this.name;
    headers[TIMESTAMP] = values.slice(0, timestampEnd);
    headers[SIGNATURE] = values.slice(timestampEnd + 1, signatureEnd);
    headers[REQUEST_ID] = values.slice(signatureEnd + 1, -1);
    return headers;
  }

  // Who answered a request that was signed here, and when: `{ serverTime, keyVersion }`, or a RejectedError thrown. The
  // request's headers are those it left with; the answer's body is what was transferred.
  verifyAnswer(request, { status, headers, body }) {
    const { method, url, authority, scheme, receiver = this.receiver } = request;
    const { target, authority: host, scheme: protocol } = splitUrl(url, authority, scheme);
    const sent = flatHeaders(request.headers);
    const head = latin1(joinHead(`${method}\n${target}\n${host}\n${protocol}\n${receiver}`, sent));
    const received = flatHeaders(headers);
    const answer = latin1(received.join('\n'));
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

module.exports = { Signer };
