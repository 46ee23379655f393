export const config = { clientId: process.env.CLIENT_ID, sharedSecret: process.env.SHARED_SECRET };
