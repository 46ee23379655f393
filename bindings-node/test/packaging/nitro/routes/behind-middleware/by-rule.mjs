import { defineEventHandler } from 'h3';
export default defineEventHandler((event) => `for ${event.context.sealwire.sender} only`);
