'use strict';

const { signerFrom } = require('../clients/credentials.js');
const { checkSettings } = require('../check-settings.js');

// Returns a function that signs a test client's requests. `owner` is the name of the calling function. It is used in error
// messages.
function testSigner(owner, credentials, options = {}) {
  checkSettings('test_client', options, owner);
  const signer = signerFrom(credentials);
  const { receiver = signer.receiver, userId } = options;
  signer.checkReceiver(receiver);
  return (request) =>
    signer.coversBody
      ? signer.sign({ ...request, receiver, userId })
      : signer.sign({ method: request.method, url: request.url });
}

module.exports = { testSigner };
