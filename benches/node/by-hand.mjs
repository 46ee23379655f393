// The peers of the Express benchmarks. They are hand-written with node:crypto and lru-cache, and implement
// the design document of the IAM service.

import crypto from 'node:crypto';
import { LRUCache } from 'lru-cache';

export const MAX_CLOCK_SKEW = 300_000;
const LIVE_NONCES = 5_000;

export function signRequest(method, url, secret, clientId) {
  const timestamp = Date.now().toString();
  const requestId = crypto.randomUUID();
  const base = `${clientId}:${timestamp}:${method}:${url}:${requestId}`;
  return {
    'X-Client-Id': clientId,
    'X-Timestamp': timestamp,
    'X-Signature': crypto.createHmac('sha256', secret).update(base).digest('hex'),
    'X-Request-ID': requestId,
  };
}

// Returns a function that checks a request and returns the reason for the rejection, or undefined. `max` is
// the maximum number of live nonces. The default value of `max` comes from the design document.
export function checker(clientId, secret, max = LIVE_NONCES) {
  const nonces = new LRUCache({ max, ttl: MAX_CLOCK_SKEW });
  return ({ method, originalUrl, headers }) => {
    const id = headers['x-client-id'];
    const timestamp = headers['x-timestamp'];
    const signature = headers['x-signature'];
    const requestId = headers['x-request-id'];
    if (!id || !timestamp || !signature || !requestId) return 'Missing auth headers';
    if (id !== clientId) return 'Unknown client';
    if (!(Math.abs(Date.now() - Number(timestamp)) <= MAX_CLOCK_SKEW)) return 'Stale timestamp';
    if (nonces.has(requestId)) return 'Replay detected';
    const base = `${id}:${timestamp}:${method}:${originalUrl}:${requestId}`;
    const expected = crypto.createHmac('sha256', secret).update(base).digest();
    const received = Buffer.from(signature, 'hex');
    if (expected.length !== received.length || !crypto.timingSafeEqual(expected, received)) {
      return "Buffer Doesn't match";
    }
    nonces.set(requestId, true);
    return undefined;
  };
}

export function middleware(clientId, secret) {
  const check = checker(clientId, secret);
  return (req, res, next) => {
    const reason = check(req);
    if (reason === undefined) return next();
    res.statusCode = 401;
    return res.end(reason);
  };
}
