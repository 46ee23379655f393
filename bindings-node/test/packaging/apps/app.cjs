'use strict';

const assert = require('node:assert/strict');
const { KeyRing, signRequest, Verifier } = require('sealwire');
const { hmacAuth } = require('sealwire/express');
const { defineSignedEventHandler } = require('sealwire/h3');
const { signedFetch } = require('sealwire/fetch');
const { redisStore } = require('sealwire/redis');

const secret = 'a client secret of more than thirty-two bytes';
const { verifier } = hmacAuth({ clientId: 'billing-service', sharedSecret: secret });
const headers = signRequest('GET', '/x', secret, 'billing-service');
console.log(verifier.verify({ method: 'GET', url: '/x', headers }).sender);
for (const each of [KeyRing, Verifier, defineSignedEventHandler, signedFetch, redisStore]) {
  assert.equal(typeof each, 'function');
}
