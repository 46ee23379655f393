'use strict';

// For Express, Connect and Nest, and for `node:http` and `node:http2` servers.

const { configured, hmacBlock, isRequest } = require('./lib/configured.js');
const { Gate } = require('./lib/gate.js');
const { admit, verifyUpgrade } = require('./lib/node-adapter.js');

// The middleware. Mount it before body parsers. An accepted request has its Identity in `req.sealwire`. Mounted as it is,
// `app.use(hmacAuth)`, it takes its settings from `configuration`.
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

// Express takes the path of a mounted router off `url`; the signature covers `originalUrl`.
const signedTarget = (req) => req.originalUrl ?? req.url;

// Mounts `hmacAuth` where the configuration has a `service.Hmac` block. Returns whether it did.
function mountHmacAuth(app, config, options = {}) {
  const block = hmacBlock(config);
  if (!block) return false;
  app.use(hmacAuth({ ...block, ...options }));
  return true;
}

module.exports = { hmacAuth, mountHmacAuth };
