'use strict';

const { failure } = require('./errors.js');

// Throws an error if a verified request reaches a cached Nitro handler: `defineCachedEventHandler`, or a route rule with `swr`,
// `isr` or `cache`. Nitro would use the cached response for later requests without verifying them. Nitro does not cache
// exceptions.
function refuseCaching(event) {
  const { context } = event;
  if (context.cache?.options || hasCacheRule(context)) throw cached();
  // If a cached handler is called later, it sets `context.cache`. The setter below then throws the error.
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

// Returns whether a route rule enables caching. Nitro 2 stores the rules in `_nitro.routeRules` before it runs middleware.
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
