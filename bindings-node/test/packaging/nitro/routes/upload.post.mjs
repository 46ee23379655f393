import { readBody } from 'h3';
import { KeyRing } from 'sealwire';
import { defineVerifiedEventHandler } from 'sealwire/h3';

const keys = new KeyRing({ pairs: { 'agent/practices': process.env.PAIR } });
const config = { keys, service: 'practices', schemes: ['message', 'pairwise'] };

export default defineVerifiedEventHandler(config, async (event) => {
  const body = await readBody(event);
  return { sender: event.context.sealwire.sender, body };
});
