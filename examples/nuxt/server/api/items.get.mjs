// Calls the Express service of ../../../express with a signed request.
import { defineEventHandler } from 'h3';
import { serviceToService } from 'sealwire/fetch';

export default defineEventHandler(async () => {
  const response = await serviceToService('/items', { method: 'POST', body: '{"name":"tea"}' });
  return response.text();
});
