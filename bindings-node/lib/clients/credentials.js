'use strict';

const { signerOf } = require('../client.js');
const { failure } = require('../errors.js');
const { checkSettings } = require('../check-settings.js');
const { Signer } = require('../signer.js');

// Returns the Signer of a client integration, created from `{ clientId, sharedSecret }` if necessary.
function signerFrom(credentials) {
  if (Signer.is(credentials)) return credentials;
  checkSettings('credentials', credentials ?? {}, 'credentials');
  const { clientId, sharedSecret } = credentials ?? {};
  if (!clientId || !sharedSecret) {
    throw failure('CONFIG', 'credentials: give a Signer, or { clientId, sharedSecret }');
  }
  return signerOf(clientId, sharedSecret);
}

module.exports = { signerFrom };
