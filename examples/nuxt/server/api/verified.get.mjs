// Accepts only signed requests.
import { defineVerifiedEventHandler } from 'sealwire/h3';

const settings = { clientId: process.env.HMAC_CLIENT_ID, sharedSecret: process.env.HMAC_SHARED_SECRET };

export default defineVerifiedEventHandler(settings, (event) => `called by ${event.context.sealwire.sender}`);
