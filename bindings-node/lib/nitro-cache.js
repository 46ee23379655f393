'use strict';

const { failure } = require('./errors.js');

// Nitro's cached handlers (`defineCachedEventHandler`, route rules with `swr`, `isr` or `cache`) serve later
// requests from their cache before verification. A verified request in a cached handler is therefore an error
// in the application. It causes an exception, which Nitro does not cache.
function refuseCaching(event) {
  const { context } = event;
  if (context.cache?.options || hasCacheRule(context)) throw cached();
  // An inner cached handler sets `context.cache`.
  Object.defineProperty(context, 'cache', {
    configurable: true,
    enumerable: true,
    get: () => undefined,
    set: (value) => {
      if (value?.options) throw cached();
      Object.defineProperty(context, 'cache', {
        configurable: true,
        enumerable: true,
        writable: true,
        value,
      });
    },
  });
}

// Nitro 2 stores the rules of a route here before it runs middleware.
function hasCacheRule({ _nitro, routeRules }) {
  const rules = _nitro?.routeRules ?? routeRules ?? {};
  return Boolean(rules.cache);
}

const cached = () =>
  failure(
    'CONFIG',
    'a verified route runs in a cached handler: its response would be sent to callers whose signature was not verified. ' +
      'Remove swr, isr or cache from the routeRules of this path, and defineCachedEventHandler around it; ' +
      'cache the data inside the handler with defineCachedFunction',
  );

module.exports = { refuseCaching };
