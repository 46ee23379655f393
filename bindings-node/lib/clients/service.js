'use strict';

const { configuration, hmac } = require('../client.js');
const { failure } = require('../errors.js');
const { signedFetch } = require('./fetch.js');

// Calls the service in `configuration`. Requests are signed if `enableHmac` is true.
async function serviceToService(path, init) {
  const origin = serviceOrigin();
  const url = new URL(path, origin);
  // A path such as //other.test/x would change the host, and another host must not receive a signature for the service.
  if (url.origin !== origin)
    throw failure('CONFIG', `the path must stay on ${origin}, not lead to ${url.origin}`);
  if (!configuration().server.hmac?.enableHmac) return fetch(url, init);
  const { clientId, sharedSecret } = hmac();
  return signedFetch({ clientId, sharedSecret }, { origins: [origin] })(url, init);
}

function serviceOrigin() {
  const { auth_location: location, ssl } = configuration()?.server ?? {};
  if (!location?.serverOrDNS) {
    throw failure(
      'CONFIG',
      'call configuration({ server: { auth_location: { serverOrDNS, port }, hmac } }) first',
    );
  }
  const port = location.port ? `:${location.port}` : '';
  return new URL(`${ssl?.enableSSL ? 'https' : 'http'}://${location.serverOrDNS}${port}`).origin;
}

module.exports = { serviceToService };
