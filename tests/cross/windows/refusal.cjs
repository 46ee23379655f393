'use strict';

// Windows: a verifier without a store is refused, and the message names what works.

const assert = require('node:assert/strict');
const { KeyRing, ReplayTable, Verifier } = require('../../../bindings-node');

process.env.HMAC_SECRET_AGENT_PRACTICES = require('node:crypto').randomBytes(32).toString('base64');
const keys = KeyRing.fromEnv('practices');
const refused = { code: 'SEALWIRE_REPLAY', message: /heap.*Redis/ };

assert.throws(() => new Verifier({ service: 'practices', keys }), refused);
assert.throws(() => ReplayTable.mapped('C:\\orders.replay'), refused);
assert.throws(() => ReplayTable.path('practices'), refused);
new Verifier({ service: 'practices', keys, replay: 'heap' });
console.log('refused');
