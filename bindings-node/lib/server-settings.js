'use strict';

// Creates a server adapter's verifier.

const { checkSettings } = require('./check-settings.js');
const { failure } = require('./errors.js');
const { KeyRing } = require('./key-ring.js');
const native = require('./native.js');
const { Verifier } = require('./verifier.js');

const { clientScheme } = native.catalog();

// The settings of server adapters. All other settings are passed to the verifier.
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
  requireNoConflict(config, config.lookUpKeys !== undefined);
  const { verifier } = config;
  if (verifier === undefined) return makeVerifier(settings, config.lookUpKeys !== undefined);
  const [extra] = given.find(([, value]) => value !== undefined) ?? [];
  if (extra === undefined) return verifier;
  throw failure('CONFIG', `${extra}: the verifier has its own settings; pass ${extra} to new Verifier()`);
}

// Groups of settings that specify keys. Only one group may be used, because the others would be ignored.
const KEY_SETTINGS = [['clientId', 'sharedSecret'], ['clients'], ['keys']];

function requireOneSource(config) {
  const given = KEY_SETTINGS.map((names) => names.find((name) => config[name] !== undefined)).filter(Boolean);
  if (given.length < 2) return;
  const [first, second] = given;
  throw failure(
    'CONFIG',
    `${first}: pass ${first} or ${second}, not both, because ${first} would be ignored`,
  );
}

// Throws an error for settings that would be ignored, and for settings that would cause every request to be rejected.
function requireNoConflict(config, looksUpKeys) {
  const wide = ['pastMs', 'futureMs'].find((name) => config[name] !== undefined);
  if (config.maxClockSkew !== undefined && wide) {
    throw failure('CONFIG', `maxClockSkew: pass maxClockSkew or ${wide}, not both`);
  }
  if (config.lookUpTtlMs !== undefined && !looksUpKeys) {
    throw failure(
      'CONFIG',
      'lookUpTtlMs: pass lookUpKeys too, because it is the time that their results are kept',
    );
  }
  if (config.clients && !looksUpKeys && Object.keys(config.clients).length === 0) {
    throw failure('CONFIG', 'clients: name at least one client, because all others are rejected');
  }
}

function makeVerifier(config, looksUpKeys) {
  requireOneSource(config);
  const { clientId, sharedSecret, clients, maxClockSkew, keys, allowWeak = false, ...settings } = config;
  const held = clients ?? (looksUpKeys && clientId === undefined ? {} : undefined);
  const ring = keys ?? ringOf({ clients: held ?? single(clientId, sharedSecret), allowWeak }, looksUpKeys);
  const window = maxClockSkew === undefined ? {} : { pastMs: maxClockSkew, futureMs: maxClockSkew };
  const observeOnly = !native.isEnabled(process.env.HMAC_AUTH_ENABLED);
  return new Verifier({ keys: ring, observeOnly, ...window, schemes: [clientScheme], ...settings });
}

const ringOf = (keys, looksUpKeys) => (looksUpKeys ? KeyRing.growing(keys) : new KeyRing(keys));

function single(clientId, sharedSecret) {
  const missing = Object.entries({ clientId, sharedSecret }).find(([, value]) => !value);
  if (missing) {
    throw failure(
      'CONFIG',
      `${missing[0]}: set it, or pass clients or keys; check that its environment variable is set`,
    );
  }
  return { [clientId]: sharedSecret };
}

module.exports = { verifierOf };
