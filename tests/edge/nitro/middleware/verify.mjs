import { defineEventHandler } from 'h3';
import { KeyRing } from 'sealwire';
import { hmacAuthMiddleware } from 'sealwire/h3';

let verify;

export default defineEventHandler((event) => {
  if (!event.path.startsWith('/verified')) return undefined;
  const { SERVICE_SECRET } = event.context.cloudflare?.env ?? process.env;
  verify ??= hmacAuthMiddleware({
    keys: new KeyRing({ pairs: { 'edge/practices': SERVICE_SECRET } }),
    service: 'edge',
    schemes: ['message'],
    replay: 'isolate',
  });
  return verify(event);
});
