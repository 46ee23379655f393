'use strict';

// Functions for services that already use the `client` scheme.

const { checkOpenSettings, checkSettings } = require('./check-settings.js');
const { failure, warnOnce } = require('./errors.js');
const { KeyRing } = require('./key-ring.js');
const native = require('./native.js');
const { Signer } = require('./signer.js');

const { clientScheme } = native.catalog();

// The number of cached signers. Signers are cached, because setting up a signer's key takes as long as several signatures. A
// small cache is sufficient, because a service signs for only a few clients.
const MAX_SIGNERS = 64;
const signers = new Map();

function signRequest(method, url, secret, clientId) {
  return signerOf(clientId, secret).signClient(method, url);
}

// Signs a request for the client in `configuration`.
function signature(method, path) {
  const { clientId, sharedSecret } = hmac();
  return signRequest(method, path, sharedSecret, clientId);
}

// The configuration is a property of globalThis, because bundlers can copy this module and all copies must use the same
// configuration.
const PLACE = Symbol.for('sealwire.configuration');

// Sets a gateway's configuration and returns it. Without an argument, returns the current configuration.
function configuration(options) {
  if (options === undefined) return globalThis[PLACE];
  checkConfiguration(options);
  const { hmac } = options?.server ?? {};
  if (hmac?.enableHmac) {
    for (const name of ['clientId', 'sharedSecret']) {
      if (typeof hmac[name] !== 'string' || hmac[name] === '') {
        throw failure('CONFIG', `server.hmac.${name}: set it; check that its environment variable is set`);
      }
    }
    signerOf(hmac.clientId, hmac.sharedSecret);
    warnIfGenerated(hmac);
  }
  globalThis[PLACE] = options;
  return options;
}

// Validates the settings for signing. All other settings are ignored.
function checkConfiguration(options) {
  checkOpenSettings('gateway', options, 'configuration()');
  const { server, service } = options;
  if (service !== undefined) checkOpenSettings('gateway_service', service, 'configuration(): service');
  if (server === undefined) return;
  checkOpenSettings('gateway_server', server, 'configuration(): server');
  if (server.hmac !== undefined) checkSettings('gateway_hmac', server.hmac, 'configuration(): server.hmac');
  if (server.ssl !== undefined) checkOpenSettings('gateway_ssl', server.ssl, 'configuration(): server.ssl');
}

function hmac() {
  const { hmac } = configuration()?.server ?? {};
  if (!hmac?.clientId) {
    throw failure(
      'CONFIG',
      'call configuration({ server: { hmac: { enableHmac, clientId, sharedSecret } } }) first',
    );
  }
  return hmac;
}

// The signer of the last call. It is checked before the cache, because most services sign for only one client and comparing
// identical strings is fast.
let last = { clientId: undefined, secret: undefined, signer: undefined };

function signerOf(clientId, secret) {
  if (last.clientId !== clientId || last.secret !== secret) {
    last = { clientId, secret, signer: keptSigner(clientId, secret) };
  }
  return last.signer;
}

function keptSigner(clientId, secret) {
  const key = `${clientId}\n${secret}`;
  let signer = signers.get(key);
  if (!signer) {
    signer = new Signer({ name: clientId, keys: clientKeys(clientId, secret), schemes: [clientScheme] });
    if (signers.size >= MAX_SIGNERS) signers.delete(signers.keys().next().value);
    signers.set(key, signer);
  }
  return signer;
}

// Creates a key ring for one client. A short secret only causes a warning, because existing services may have short secrets.
function clientKeys(clientId, secret) {
  try {
    return new KeyRing({ clients: { [clientId]: secret } });
  } catch (strict) {
    const keys = new KeyRing({ clients: { [clientId]: secret }, allowWeak: true });
    warnOnce('WEAK_SECRET', strict.message);
    return keys;
  }
}

const RANDOM = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}|[A-Za-z0-9+/_-]{32,}={0,2})$/i;

// Warns about an id or a secret that was generated when the process started, because the verifier cannot know this value. A
// value that looks random and is not the value of an environment variable is assumed to be generated.
function warnIfGenerated({ clientId, sharedSecret, stable = false }) {
  const known = new Set(Object.values(process.env));
  const generated = [clientId, sharedSecret].some((value) => RANDOM.test(value) && !known.has(value));
  if (generated && !stable) {
    warnOnce(
      'GENERATED_SECRET',
      'server.hmac.clientId or sharedSecret looks generated at start-up: it would differ after every start. ' +
        'Take both from the environment, or set server.hmac.stable if they are stored elsewhere',
    );
  }
}

module.exports = { signRequest, signature, configuration, signerOf, hmac };
