'use strict';

const { signerOf } = require('../client.js');
const { failure } = require('../errors.js');
const { checkSettings } = require('../check-settings.js');
const { Signer } = require('../signer.js');

// Returns the signer for a client integration's credentials. The credentials are a Signer or `{ clientId, sharedSecret }`.
function signerFrom(credentials) {
  if (Signer.is(credentials)) return credentials;
  checkSettings('credentials', credentials ?? {}, 'credentials');
  const { clientId, sharedSecret } = credentials ?? {};
  if (!clientId || !sharedSecret) {
    throw failure('CONFIG', 'credentials: pass a Signer, or { clientId, sharedSecret }');
  }
  return signerOf(clientId, sharedSecret);
}

module.exports = { signerFrom };
