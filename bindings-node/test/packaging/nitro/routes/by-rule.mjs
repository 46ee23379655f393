import { defineVerifiedEventHandler } from 'sealwire/h3';
import { config } from '../config.mjs';

export default defineVerifiedEventHandler(config, (event) => `for ${event.context.sealwire.sender} only`);
