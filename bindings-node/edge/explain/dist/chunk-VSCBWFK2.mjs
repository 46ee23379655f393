import {
  require_body,
  require_gate,
  require_web_request,
  require_web_response
} from "./chunk-CYAW7VXL.mjs";
import {
  __commonJS,
  __toESM,
  init_globals,
  require_errors
} from "./chunk-EDTRMGG6.mjs";

// bindings-node/web.js
var require_web = __commonJS({
  "bindings-node/web.js"(exports, module) {
    "use strict";
    init_globals();
    var { failure, Rejection, RejectedError } = require_errors();
    var { GONE } = require_body();
    var { EXEMPT, Gate } = require_gate();
    var { prepared } = require_web_response();
    var { webRequest } = require_web_request();
    var BAD_REQUEST = 400;
    function hmacAuth2(config) {
      const gate = new Gate(config);
      async function middleware(request, next, { peer } = {}) {
        const req = webRequest(request, { peer });
        const judged = await gate.judge(req, req.url);
        if (judged === GONE) return new Response(null, { status: BAD_REQUEST });
        if (judged === EXEMPT || judged === void 0) return next(request, void 0);
        if (!(judged instanceof Rejection)) return prepared(gate, req, judged, await next(request, judged));
        const { body, ...init } = await gate.rejectionResponse(req, judged);
        return prepared(gate, req, judged, new Response(body, init));
      }
      return Object.assign(middleware, {
        verifier: gate.verifier,
        verifyRequest: (request, { peer } = {}) => verified(gate, request, peer),
        hono: honoMiddleware(middleware)
      });
    }
    function verifyRequest2(request, verifier, { peer } = {}) {
      if (!gates.has(verifier)) gates.set(verifier, new Gate({ verifier }));
      return verified(gates.get(verifier), request, peer);
    }
    var gates = /* @__PURE__ */ new WeakMap();
    async function verified(gate, request, peer) {
      const req = webRequest(request, { peer });
      const judged = await gate.judge(req, req.url);
      if (judged === GONE)
        throw failure("BODY_ABORTED", "the client closed the connection while it sent the body");
      if (judged instanceof Rejection) throw new RejectedError(judged);
      return judged === EXEMPT ? void 0 : judged;
    }
    var honoMiddleware = (middleware) => async (c, next) => {
      const peer = c.env?.incoming?.socket?.remoteAddress;
      const run = async (_request, identity) => {
        c.set("sealwire", identity);
        await next();
        return c.res;
      };
      const response = await middleware(c.req.raw, run, { peer });
      if (response === c.res) return;
      c.res = void 0;
      c.res = response;
    };
    module.exports = { hmacAuth: hmacAuth2, verifyRequest: verifyRequest2 };
  }
});

// bindings-node/edge/lib/web.mjs
init_globals();
var import_web = __toESM(require_web(), 1);

export {
  import_web
};
