// Signs one request with Sealwire and sends it over HTTP/2 without TLS, because Node's fetch does not support HTTP/2.
//
// Usage: node http2_caller.mjs NAME RECEIVER SCHEME[+SCHEME] METHOD URL USER < BODY
// Prints the status and the duration in milliseconds on one line, then the response body.

import { connect } from 'node:http2';
import { buffer, text } from 'node:stream/consumers';
import { KeyRing, Signer } from 'sealwire';

const [name, receiver, schemes, method, url, userId] = process.argv.slice(2);
const pairs = {};
for (const [variable, secret] of Object.entries(process.env)) {
  const [, one, other] = /^HMAC_SECRET_([A-Z]+)_([A-Z]+)$/.exec(variable) ?? [];
  if (one) pairs[`${one}/${other}`.toLowerCase()] = secret;
}
const keys = new KeyRing({ pairs, clients: { [name]: process.env[`CLIENT_SECRET_${name.toUpperCase()}`] } });
const signer = new Signer({ name, keys, schemes: schemes.split('+'), receiver });
const body = await buffer(process.stdin);
const { origin, pathname, search } = new URL(url);
const started = performance.now();
const headers = signer.sign({ method, url, body, userId: userId || undefined });
const session = connect(origin);
const stream = session.request({ ':method': method, ':path': pathname + search, ...headers });
stream.end(body);
const status = await new Promise((resolve, reject) => {
  stream.on('response', (received) => resolve(received[':status'])).on('error', reject);
});
const responded = await text(stream);
session.close();
process.stdout.write(`${status} ${performance.now() - started}\n${responded}`);
