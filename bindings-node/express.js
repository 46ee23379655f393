'use strict';

// Middleware for Express, Connect and Nest, and for `node:http` and `node:http2` servers.

const { configured, hmacBlock, isRequest } = require('./lib/configured.js');
const { failure } = require('./lib/errors.js');
const { Gate } = require('./lib/gate.js');
const { admit, verifyUpgrade } = require('./lib/node-adapter.js');

// Verifies requests. Mount it before body parsers. An accepted request has its Identity in `req.sealwire`.
// Mounted without arguments, `app.use(hmacAuth)`, it uses the settings in `configuration`.
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

// Express removes the path of a mounted router from `url`. The signature covers `originalUrl`.
const signedTarget = (req) => req.originalUrl ?? req.url;

// Mounts `hmacAuth` if the configuration has a `service.Hmac` block. Returns whether it was mounted.
function mountHmacAuth(app, config, options = {}) {
  if (typeof app?.use !== 'function')
    throw failure('CONFIG', 'mountHmacAuth: give the Express application first');
  const block = hmacBlock(config);
  if (!block) return false;
  app.use(hmacAuth({ ...block, ...options }));
  return true;
}

module.exports = { hmacAuth, mountHmacAuth };
