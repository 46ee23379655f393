// The keys and requests for all Node benchmarks.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
export const sealwire = require('sealwire');
export const { hmacAuth } = require('sealwire/express');

export const SECRET = '0123456789abcdef-bench-secret-32';
export const CLIENT = 'billing-service';
export const METHOD = 'POST';
export const TARGET = '/auth/user/refresh-session';
export const AUTHORITY = 'iam.internal';
export const URL_SIGNED = `https://${AUTHORITY}${TARGET}`;

export const ring = () =>
  new sealwire.KeyRing({
    clients: { [CLIENT]: SECRET },
    pairs: { 'agent/practices': Buffer.from(SECRET).toString('base64') },
    issuer: SECRET,
  });

const ORDINARY = { host: AUTHORITY, 'user-agent': 'billing/1.4', accept: 'application/json' };

// Returns a contiguous string, as the HTTP parser does. V8 stores a concatenated string in parts until it is
// read.
export const flat = (text) => Buffer.from(text, 'latin1').toString('latin1');

// Returns a request object like that of node:http, with a simulated socket.
export function incoming(signed) {
  const sent = Object.entries({ ...ORDINARY, ...signed }).map(([name, value]) => [name, flat(value)]);
  return {
    method: METHOD,
    url: TARGET,
    originalUrl: TARGET,
    headers: Object.fromEntries(sent.map(([name, value]) => [name.toLowerCase(), value])),
    rawHeaders: sent.flat(),
    socket: { remoteAddress: '10.0.0.7' },
  };
}
