'use strict';

const native = require('../native.js');
const { Signer } = require('../signer.js');
const { Verifier } = require('../verifier.js');
const { keyRing, replayTable } = require('./keys.js');
const { checkNames } = require('./names.js');

const { clientScheme, schemes } = native.catalog();
const [messageScheme] = schemes;
const RECEIVER = 'sealwire-testing';
const URL_SIGNED = 'https://localhost/';

// Returns the identity of a sender. The function obtains it by signing and verifying a request with a new key.
function identity(sender, options = {}) {
  checkNames('identity()', options, ['scheme', 'userId']);
  const { scheme = messageScheme, userId } = options;
  const isClient = scheme === clientScheme;
  const keys = isClient ? keyRing([], { clients: [sender] }) : keyRing([sender, RECEIVER]);
  const receiver = isClient ? undefined : RECEIVER;
  const signer = new Signer({ name: sender, keys, schemes: [scheme], receiver });
  const request = { method: 'GET', url: URL_SIGNED };
  const verifier = new Verifier({
    keys,
    service: RECEIVER,
    schemes: [scheme],
    replay: replayTable(),
    trustUnsignedUserId: true,
  });
  return verifier.verify({ ...request, headers: signer.sign({ ...request, userId }) });
}

module.exports = { identity };
