import { defineEventHandler } from 'h3';
import { hmacAuthMiddleware } from 'sealwire/h3';
import { config } from '../config.mjs';

const verify = hmacAuthMiddleware(config);

export default defineEventHandler((event) =>
  event.path.startsWith('/behind-middleware/') ? verify(event) : undefined,
);
