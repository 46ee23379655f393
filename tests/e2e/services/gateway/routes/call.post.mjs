// Sends a signed request to a service, and returns the response and the duration.

import { defineEventHandler, readBody } from 'h3';
import { Signer } from 'sealwire';
import { signedFetch } from 'sealwire/fetch';
import { keys, NAME } from '../utils/keys.mjs';

export default defineEventHandler(async (event) => {
  const { receiver, schemes, method, url, body, user } = await readBody(event);
  const send = signedFetch(new Signer({ name: NAME, keys, schemes, receiver }), { userId: user ?? '' });
  const started = performance.now();
  const response = await send(url, { method, body: body || undefined });
  const text = await response.text();
  return { status: response.status, text, ms: performance.now() - started };
});
