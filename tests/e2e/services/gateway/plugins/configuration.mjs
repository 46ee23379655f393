import { configuration } from 'sealwire';
import { NAME } from '../utils/keys.mjs';

// Configures the URL of the service `iam`, and the client id and secret that sign requests to it.
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
