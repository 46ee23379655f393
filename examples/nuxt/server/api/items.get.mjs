// Sends a signed request to the Express service in ../../../express.
import { defineEventHandler } from 'h3';
import { serviceToService } from 'sealwire/fetch';

export default defineEventHandler(async () => {
  const response = await serviceToService('/items', { method: 'POST', body: '{"name":"tea"}' });
  return response.text();
});
