import { defineEventHandler } from 'h3';
import { configuration } from 'sealwire';
import { defineSignedEventHandler } from 'sealwire/h3';

const signed = defineSignedEventHandler((event) => event.context.authHeaders);

export default defineEventHandler((event) => {
  configuration({
    server: {
      hmac: {
        enableHmac: true,
        clientId: 'gateway',
        sharedSecret: 's'.repeat(16) + 'h'.repeat(20),
        stable: true,
      },
    },
  });
  return signed(event);
});
