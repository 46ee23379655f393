import { defineCachedEventHandler } from 'nitropack/runtime';
import { defineVerifiedEventHandler } from 'sealwire/h3';
import { config } from '../config.mjs';

export default defineCachedEventHandler(
  defineVerifiedEventHandler(config, (event) => `for ${event.context.sealwire.sender} only`),
  { maxAge: 60 },
);
