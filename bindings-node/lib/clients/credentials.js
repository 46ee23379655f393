'use strict';

const { signerOf } = require('../client.js');
const { failure } = require('../errors.js');
const { checkOptions } = require('../options.js');
const { Signer } = require('../signer.js');

// The Signer of a client integration: given as such, or as `{ clientId, sharedSecret }`.
function signerFrom(credentials) {
  if (credentials instanceof Signer) return credentials;
  const { clientId, sharedSecret } = checkOptions('credentials', credentials ?? {});
  if (!clientId || !sharedSecret) {
    throw failure('CONFIG', 'credentials: give a Signer, or { clientId, sharedSecret }');
  }
  return signerOf(clientId, sharedSecret);
}

module.exports = { signerFrom };
