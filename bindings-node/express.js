'use strict';

// Middleware for Express, Connect and Nest. It also supports `node:http` and `node:http2` servers without a framework.

const { configured, hmacBlock, isRequest } = require('./lib/configured.js');
const { failure } = require('./lib/errors.js');
const { Gate } = require('./lib/gate.js');
const { admit, verifyUpgrade } = require('./lib/node-adapter.js');

// Returns middleware that verifies requests. It must be mounted before body parsers. It sets `req.sealwire` to the Identity of an
// accepted request. `hmacAuth` can also be mounted directly, as `app.use(hmacAuth)`. It then uses the settings in
// `configuration`.
function hmacAuth(config, res, next) {
  if (!isRequest(config, next)) return middlewareOf(config);
  try {
    return configured(middlewareOf)(config, res, next);
  } catch (error) {
    return next(error);
  }
}

function middlewareOf(config) {
  const gate = new Gate(config);
  function middleware(req, res, next) {
    const passes = admit(gate, req, res, signedTarget(req));
    if (passes === true) return next();
    if (passes !== false) passes.then((late) => (late ? next() : undefined), next);
    return undefined;
  }
  return Object.assign(middleware, {
    verifier: gate.verifier,
    admit: async (req, res, url = signedTarget(req)) => admit(gate, req, res, url),
    verifyUpgrade: (req, socket) => verifyUpgrade(gate, req, socket),
  });
}

// Returns the signed target. Express removes a router's mount path from `url`, but not from `originalUrl`.
const signedTarget = (req) => req.originalUrl ?? req.url;

// Mounts `hmacAuth` if the configuration has a `service.Hmac` block. Returns whether it was mounted.
function mountHmacAuth(app, config, options = {}) {
  if (typeof app?.use !== 'function')
    throw failure('CONFIG', 'mountHmacAuth: pass the Express application first');
  const block = hmacBlock(config);
  if (!block) return false;
  app.use(hmacAuth({ ...block, ...options }));
  return true;
}

module.exports = { hmacAuth, mountHmacAuth };
