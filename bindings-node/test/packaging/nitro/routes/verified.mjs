import { defineVerifiedEventHandler } from 'sealwire/h3';

const config = { clientId: process.env.CLIENT_ID, sharedSecret: process.env.SHARED_SECRET };

export default defineVerifiedEventHandler(config, (event) => event.context.sealwire.sender);
