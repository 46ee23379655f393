'use strict';

const { bodyBytes, flatHeaders, latin1, splitUrl } = require('./head.js');
const { KeyRing } = require('./key-ring.js');
const native = require('./native.js');

const { clientScheme, clientSigned } = native.catalog();
const [CLIENT_ID, TIMESTAMP, SIGNATURE, REQUEST_ID] = clientSigned;

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
    const flat = headers === undefined ? [] : flatHeaders(headers);
    let head = `${method}\n${target}\n${host}\n${protocol}\n${receiver}\n${userId}\n${nonce}`;
    if (flat.length > 0) head += `\n${flat.join('\n')}`;
    return unflattened(
      native.sign(this.#native, latin1(head), flat.length, bodyBytes(body), now).split('\n'),
    );
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
}

function unflattened(flat) {
  const headers = {};
  for (let at = 0; at < flat.length; at += 2) headers[flat[at]] = flat[at + 1];
  return headers;
}

module.exports = { Signer };
