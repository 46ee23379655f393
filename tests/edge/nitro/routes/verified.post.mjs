import { defineEventHandler, readBody } from 'h3';

export default defineEventHandler(async (event) => ({
  caller: event.context.sealwire.sender,
  item: await readBody(event),
}));
