'use strict';

// The settings of `hmacAuth` in an application's configuration: its block `service.Hmac`.

const { checkOpenSettings } = require('./check-settings.js');
const { configuration } = require('./client.js');
const { failure } = require('./errors.js');

// The block, or undefined where the configuration has none. A misspelt name would switch verification off.
function hmacBlock(config) {
  if (typeof config !== 'object' || config === null) return undefined;
  checkOpenSettings('gateway', config, 'configuration');
  const { service } = config;
  if (typeof service !== 'object' || service === null) return undefined;
  checkOpenSettings('gateway_service', service, 'configuration: service');
  return service.Hmac ?? undefined;
}

// The middleware for each block, made at its first request.
const made = new WeakMap();

// The middleware that `configuration` describes, for applications that mount `hmacAuth` itself.
function configured(make) {
  const block = hmacBlock(configuration());
  if (block === undefined) {
    throw failure(
      'CONFIG',
      'hmacAuth is mounted without settings: call configuration({ service: { Hmac: { clientId, sharedSecret } } }) first, ' +
        'or mount hmacAuth({ clientId, sharedSecret })',
    );
  }
  if (!made.has(block)) made.set(block, make(block));
  return made.get(block);
}

// Whether the arguments are those of a middleware.
const isRequest = (first, next) => typeof next === 'function' && typeof first?.method === 'string';

module.exports = { configured, hmacBlock, isRequest };
