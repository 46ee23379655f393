import { configuration } from 'sealwire';
import { NAME } from '../utils/keys.mjs';

// The URL of the IAM, and how calls to it are signed.
export default () => {
  const { hostname, port } = new URL(process.env.IAM_ORIGIN);
  configuration({
    server: {
      auth_location: { serverOrDNS: hostname, port: Number(port) },
      hmac: { enableHmac: true, clientId: NAME, sharedSecret: process.env.CLIENT_SECRET_GATEWAY },
      ssl: { enableSSL: false },
    },
  });
};
