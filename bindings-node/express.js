'use strict';

const { signWhenWhole } = require('./lib/responses.js');
const { Rejection } = require('./lib/errors.js');
const { answer, EXEMPT, Gate, GONE } = require('./lib/gate.js');

// The middleware: mount it before whatever reads bodies. An accepted request has its Identity in `req.sealwire`.
function hmacAuth(config) {
  const gate = new Gate(config);
  function middleware(req, res, next) {
    // `url` loses the path an app is mounted under; what was signed is in `originalUrl`.
    const url = req.originalUrl ?? req.url;
    const judged = gate.judge(req, url);
    if (judged instanceof Promise) judged.then((late) => act(gate, late, url, req, res, next)).catch(next);
    else act(gate, judged, url, req, res, next);
  }
  return Object.assign(middleware, { verifier: gate.verifier });
}

function act(gate, judged, url, req, res, next) {
  if (judged === GONE) return undefined;
  if (judged === EXEMPT || judged === undefined) return next();
  if (gate.signsResponses) signWhenWhole(req, res, (answer) => gate.signResponse(req, url, judged, answer));
  if (judged instanceof Rejection) return answer(res, judged);
  req.sealwire = judged;
  return next();
}

// Mounts `hmacAuth` where the configuration has a `service.Hmac` block, and says whether it did.
function mountHmacAuth(app, config, options = {}) {
  const block = config?.service?.Hmac;
  if (!block) return false;
  app.use(hmacAuth({ ...block, ...options }));
  return true;
}

module.exports = { hmacAuth, mountHmacAuth };
