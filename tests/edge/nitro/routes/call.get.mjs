import { defineEventHandler, getQuery } from 'h3';
import { KeyRing, Signer } from 'sealwire';
import { signedFetch } from 'sealwire/fetch';

export default defineEventHandler(async (event) => {
  const { SERVICE_SECRET } = event.context.cloudflare?.env ?? process.env;
  const keys = new KeyRing({ pairs: { 'edge/practices': SERVICE_SECRET } });
  const send = signedFetch(new Signer({ name: 'edge', keys }), { receiver: 'practices' });
  const response = await send(getQuery(event).url, {
    method: 'POST',
    body: JSON.stringify({ name: 'coffee' }),
    headers: { 'content-type': 'application/json' },
  });
  return { status: response.status, answer: await response.json() };
});
