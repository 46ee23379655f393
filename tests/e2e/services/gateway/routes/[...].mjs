// Handles signed requests to the gateway. The response contains the sender and the received body.

import { readRawBody } from 'h3';
import { defineVerifiedEventHandler } from 'sealwire/h3';
import { keys, NAME, replay } from '../utils/keys.mjs';

const log = (fields) => process.stdout.write(`${JSON.stringify(fields)}\n`);
const config = { service: NAME, keys, schemes: ['message'], replay, logger: { info: log, warn: log } };

export default defineVerifiedEventHandler(config, async (event) => {
  const { sender, scheme, userId } = event.context.sealwire;
  const body = (await readRawBody(event, false)) ?? Buffer.alloc(0);
  event.node.res.setHeader('content-type', 'text/plain; charset=utf-8');
  return Buffer.concat([Buffer.from(`${sender} ${scheme} ${userId ?? '-'}\n`), body]);
});
