import { readRawBody } from 'h3';
import { KeyRing } from 'sealwire';
import { defineVerifiedEventHandler } from 'sealwire/h3';

const keys = new KeyRing({
  pairs: { 'agent/practices': process.env.PAIR },
  clients: { cli: process.env.CLI_SECRET },
});
const schemes = ['message', 'pairwise', 'client'];
const config = { keys, service: 'practices', schemes, authorities: ['practices.test'] };

export default defineVerifiedEventHandler(config, async (event) => {
  const body = event.method === 'GET' ? '' : await readRawBody(event);
  const { sender, scheme } = event.context.sealwire;
  return { sender, scheme, length: body?.length ?? 0 };
});
