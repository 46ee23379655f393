// Compares the build for edge runtimes with hand-written WebCrypto code, which edge runtimes can also run.
// Both run in Node here.

import * as edge from '../../bindings-node/edge/dist/standalone/edge.mjs';
import { asyncRound, run } from './harness.mjs';
import { CLIENT, METHOD, SECRET, TARGET } from './samples.mjs';

const ALGORITHM = { name: 'HMAC', hash: 'SHA-256' };
const WINDOW_MS = 300_000;
const encoder = new TextEncoder();

export async function sign(rounds) {
  const signer = new edge.Signer({ name: CLIENT, keys: ring(), schemes: ['client'] });
  const key = await cryptoKey();
  return run('edge-sign', rounds, {
    sealwire: asyncRound(500, () => signer.sign({ method: METHOD, url: TARGET })),
    WebCrypto: asyncRound(500, () => signByHand(key)),
  });
}

export async function verify(rounds) {
  const verifier = new edge.Verifier({ keys: ring(), schemes: ['client'], replay: 'isolate' });
  const key = await cryptoKey();
  const seen = new Map();
  const fresh = () => signByHand(key);
  return run('edge-verify', rounds, {
    sealwire: asyncRound(500, (headers) => verifier.verify({ method: METHOD, url: TARGET, headers }), fresh),
    'WebCrypto + Map': asyncRound(500, (headers) => verifyByHand(key, seen, headers), fresh),
  });
}

const ring = () => new edge.KeyRing({ clients: { [CLIENT]: SECRET } });
const cryptoKey = () =>
  crypto.subtle.importKey('raw', encoder.encode(SECRET), ALGORITHM, false, ['sign', 'verify']);

const input = (timestamp, requestId) =>
  encoder.encode(`${CLIENT}:${timestamp}:${METHOD}:${TARGET}:${requestId}`);
const hex = (bytes) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => Number.parseInt(pair, 16));

async function signByHand(key) {
  const [timestamp, requestId] = [Date.now(), crypto.randomUUID()];
  const mac = await crypto.subtle.sign('HMAC', key, input(timestamp, requestId));
  return {
    'X-Client-Id': CLIENT,
    'X-Timestamp': String(timestamp),
    'X-Request-ID': requestId,
    'X-Signature': hex(mac),
  };
}

async function verifyByHand(key, seen, headers) {
  const { 'X-Timestamp': timestamp, 'X-Request-ID': requestId, 'X-Signature': signature } = headers;
  if (Math.abs(Date.now() - Number(timestamp)) > WINDOW_MS) throw new Error('stale');
  if (seen.has(requestId)) throw new Error('replayed');
  const valid = await crypto.subtle.verify('HMAC', key, unhex(signature), input(timestamp, requestId));
  if (!valid) throw new Error('mismatch');
  seen.set(requestId, Date.now());
}
