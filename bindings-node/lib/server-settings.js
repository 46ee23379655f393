'use strict';

// The verifier of an adapter's configuration.

const { checkSettings } = require('./check-settings.js');
const { failure } = require('./errors.js');
const { KeyRing } = require('./key-ring.js');
const native = require('./native.js');
const { Verifier } = require('./verifier.js');

const { clientScheme } = native.catalog();

// Settings of the adapters. All others are the verifier's.
const ADAPTER_SETTINGS = [
  'bodyTimeoutMs',
  'localHealthCheck',
  'logger',
  'lookUpKeys',
  'lookUpTtlMs',
  'maxSignedResponseBytes',
  'metrics',
  'onReject',
  'oversizeResponses',
  'signResponses',
  'skip',
  'unsignedResponsePaths',
  'verifier',
];

function verifierOf(config) {
  checkSettings('server', config, 'hmacAuth()');
  const given = Object.entries(config).filter(([name]) => !ADAPTER_SETTINGS.includes(name));
  const settings = Object.fromEntries(given);
  const { verifier } = config;
  if (verifier === undefined) return makeVerifier(settings, config.lookUpKeys !== undefined);
  const [extra] = given.find(([, value]) => value !== undefined) ?? [];
  if (extra === undefined) return verifier;
  throw failure('CONFIG', `${extra}: the verifier has its own settings; give ${extra} to new Verifier()`);
}

function makeVerifier(config, looksUpKeys) {
  const { clientId, sharedSecret, clients, maxClockSkew, keys, allowWeak = false, ...settings } = config;
  const held = clients ?? (looksUpKeys && clientId === undefined ? {} : undefined);
  const ring = keys ?? new KeyRing({ clients: held ?? single(clientId, sharedSecret), allowWeak });
  const window = maxClockSkew === undefined ? {} : { pastMs: maxClockSkew, futureMs: maxClockSkew };
  const observeOnly = !native.isEnabled(process.env.HMAC_AUTH_ENABLED);
  return new Verifier({ keys: ring, observeOnly, ...window, schemes: [clientScheme], ...settings });
}

function single(clientId, sharedSecret) {
  const missing = Object.entries({ clientId, sharedSecret }).find(([, value]) => !value);
  if (missing) {
    throw failure(
      'CONFIG',
      `${missing[0]}: set it, or give clients or keys; is its environment variable set?`,
    );
  }
  return { [clientId]: sharedSecret };
}

module.exports = { verifierOf };
