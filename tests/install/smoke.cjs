'use strict';

// Signs and verifies a request with the installed package.

const assert = require('node:assert/strict');
const { randomBytes } = require('node:crypto');
const { KeyRing, Signer, Verifier } = require('sealwire');

process.env.HMAC_SECRET_AGENT_PRACTICES = randomBytes(32).toString('base64');

async function main() {
  const signer = new Signer({ name: 'agent', keys: KeyRing.fromEnv('agent') });
  const [method, body] = ['POST', Buffer.from('{}')];
  const url = 'https://practices.test/items?page=2';
  const headers = signer.sign({ method, url, body, receiver: 'practices' });
  const verifier = new Verifier({ service: 'practices', keys: KeyRing.fromEnv('practices'), replay: 'heap' });
  const received = { method, url, body, headers: { ...headers, host: 'practices.test' } };
  assert.equal((await verifier.verify(received)).sender, 'agent');
  await assert.rejects(async () => verifier.verify(received), { code: 'replayed' });
  console.log('signed and verified');
}

main();
