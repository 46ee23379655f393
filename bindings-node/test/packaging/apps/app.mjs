import assert from 'node:assert/strict';
import sealwire, { KeyRing, signRequest, Verifier } from 'sealwire';
import { hmacAuth } from 'sealwire/express';
import { defineSignedEventHandler } from 'sealwire/h3';
import { signedFetch } from 'sealwire/fetch';
import { redisStore } from 'sealwire/redis';

const secret = 'a client secret of more than thirty-two bytes';
const { verifier } = hmacAuth({ clientId: 'billing-service', sharedSecret: secret });
const headers = signRequest('GET', '/x', secret, 'billing-service');
console.log(verifier.verify({ method: 'GET', url: '/x', headers }).sender);
assert.equal(sealwire.KeyRing, KeyRing);
for (const each of [KeyRing, Verifier, defineSignedEventHandler, signedFetch, redisStore]) {
  assert.equal(typeof each, 'function');
}
