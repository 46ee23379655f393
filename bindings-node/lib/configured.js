'use strict';

// Settings of `hmacAuth` in the configuration of an application: the block `service.Hmac`.

const { checkOpenSettings } = require('./check-settings.js');
const { configuration } = require('./client.js');
const { failure } = require('./errors.js');

// Returns the block, or undefined if there is none. A misspelt name is an error, because it would disable
// verification.
function hmacBlock(config) {
  if (typeof config !== 'object' || config === null) return undefined;
  checkOpenSettings('gateway', config, 'configuration');
  const { service } = config;
  if (typeof service !== 'object' || service === null) return undefined;
  checkOpenSettings('gateway_service', service, 'configuration: service');
  return service.Hmac ?? undefined;
}

// The middleware for each block, created at the first request.
const made = new WeakMap();

// Returns the middleware for `configuration`, for applications that mount `hmacAuth` directly.
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

// Returns whether the arguments are those of a middleware.
const isRequest = (first, next) => typeof next === 'function' && typeof first?.method === 'string';

module.exports = { configured, hmacBlock, isRequest };
