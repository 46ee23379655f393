import { configuration } from 'sealwire';

export default () => {
  const hmac = { enableHmac: true, clientId: process.env.CLIENT_ID, sharedSecret: process.env.SHARED_SECRET };
  configuration({ server: { hmac } });
};
