'use strict';

// Tests that creating a verifier with the default replay table fails on Windows, with an error message that
// suggests Redis.

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
