'use strict';

// Reads the settings of `hmacAuth` from the `service.Hmac` block of an application's configuration.

const { checkOpenSettings } = require('./check-settings.js');
const { configuration } = require('./client.js');
const { failure } = require('./errors.js');

// Returns the block, or undefined if the configuration does not contain it. A misspelt block name is an error, because it would
// disable verification.
function hmacBlock(config) {
  if (typeof config !== 'object' || config === null) return undefined;
  checkOpenSettings('gateway', config, 'configuration');
  const { service } = config;
  if (typeof service !== 'object' || service === null) return undefined;
  checkOpenSettings('gateway_service', service, 'configuration: service');
  return service.Hmac ?? undefined;
}

// The middleware for each block, which is created at the first request.
const made = new WeakMap();

// Returns the middleware for the block in `configuration`, for applications that mount `hmacAuth` without calling it.
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

// Returns whether the arguments are a request and a `next` function instead of settings.
const isRequest = (first, next) => typeof next === 'function' && typeof first?.method === 'string';

module.exports = { configured, hmacBlock, isRequest };
