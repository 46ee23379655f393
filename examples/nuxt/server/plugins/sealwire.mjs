// Configures the service that this gateway calls, and the gateway's key.
import { configuration } from 'sealwire';

const { AUTH_SERVER_LOCATION, AUTH_PORT_LOCATION, HMAC_CLIENT_ID, HMAC_SHARED_SECRET } = process.env;

export default () => {
  configuration({
    server: {
      auth_location: { serverOrDNS: AUTH_SERVER_LOCATION, port: Number(AUTH_PORT_LOCATION) },
      hmac: { enableHmac: true, clientId: HMAC_CLIENT_ID, sharedSecret: HMAC_SHARED_SECRET },
      ssl: { enableSSL: false },
    },
  });
};
