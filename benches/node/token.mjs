// Compares connection strings with JSON Web Tokens that contain the same claims.

import { SignJWT, jwtVerify } from 'jose';
import { asyncRound, round, run } from './harness.mjs';
import { SECRET, ring, sealwire } from './samples.mjs';

const { ConnectionString } = sealwire;
const ACCOUNT = '11111111-2222-4333-8444-555555555555';

export async function verify(rounds) {
  const keys = ring();
  const expires = new Date('2100-01-01T00:00:00Z');
  const token = ConnectionString.issue(keys, { account: ACCOUNT, expires });
  const key = new TextEncoder().encode(SECRET);
  const webToken = await new SignJWT({ aid: ACCOUNT, kvr: 1 })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(expires)
    .sign(key);
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'verify',
  ]);
  return run('node-token', rounds, {
    sealwire: round(1000, () => ConnectionString.verify(keys, token)),
    // The key is imported only once, because this is the fastest way to use jose.
    'jose HS256': asyncRound(200, () => jwtVerify(webToken, imported, { algorithms: ['HS256'] })),
  });
}
