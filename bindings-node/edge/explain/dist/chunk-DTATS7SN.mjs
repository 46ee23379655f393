import {
  require_fetched_target
} from "./chunk-LRNX7ZAG.mjs";
import {
  require_client
} from "./chunk-ANCQEIDD.mjs";
import {
  require_blocks,
  require_body,
  require_content_type,
  require_gate,
  require_node_adapter,
  require_read_stream,
  require_responses,
  require_web_request,
  require_web_response
} from "./chunk-CYAW7VXL.mjs";
import {
  __commonJS,
  __toCommonJS,
  __toESM,
  init_globals,
  init_node_modules,
  node_modules_exports,
  require_brands,
  require_errors
} from "./chunk-EDTRMGG6.mjs";

// bindings-node/lib/h3-event.js
var require_h3_event = __commonJS({
  "bindings-node/lib/h3-event.js"(exports, module) {
    "use strict";
    init_globals();
    var { Readable } = (init_node_modules(), __toCommonJS(node_modules_exports));
    var { hasBody, isMultiplexed } = require_body();
    var { readStream } = require_read_stream();
    var { webRequest } = require_web_request();
    var { Blocks } = require_blocks();
    var CACHE_CONTROL = "cache-control";
    var isWeb = (event) => typeof event.req?.clone === "function";
    var nodeOf = (event) => isWeb(event) ? event.req.runtime?.node : event.node;
    var outgoing = (event) => nodeOf(event)?.res;
    function incoming(event) {
      const node = nodeOf(event)?.req;
      if (!node) return webRequest(event.req, { peer: event.req.ip });
      return event.web?.request ? wrapped(event, node) : node;
    }
    function wrapped(event, node) {
      const { request, url } = event.web;
      return {
        method: node.method,
        url: node.url,
        headers: { ...node.headers, ":authority": url.host },
        rawHeaders: node.rawHeaders,
        socket: { encrypted: url.protocol === "https:" },
        readBody: (take, timeoutMs) => readWrapped(event, node, request, { take, timeoutMs })
      };
    }
    async function readWrapped(event, node, request, { take, timeoutMs }) {
      const blocks = new Blocks();
      const keep = (chunk) => {
        blocks.push(chunk);
        return take(chunk);
      };
      const stopped = await readStream(request.bodyUsed ? void 0 : request.clone().body, keep, timeoutMs);
      if (stopped === void 0 && request.body) event._requestBody = node.rawBody = blocks.joined();
      return stopped;
    }
    function offerBody(event) {
      const { req } = event.node;
      if (!isMultiplexed(req) || req.headers["content-length"] !== void 0 || req.rawBody || !hasBody(req))
        return;
      let body;
      const get = () => body ??= Readable.toWeb(req);
      Object.defineProperty(event, "_requestBody", { configurable: true, get });
    }
    function signedTarget(event) {
      const req = nodeOf(event)?.req;
      if (req) return req.originalUrl ?? req.url;
      const { pathname, search } = new URL(event.req.url);
      return pathname + search;
    }
    function routedTarget(event) {
      const raw = nodeOf(event)?.req?.url;
      const routed = isWeb(event) ? event.url.pathname + event.url.search : encoded(event.path);
      return raw === void 0 || raw === routed || !isWeb(event) || raw.endsWith(routed) ? routed : raw;
    }
    function encoded(path) {
      try {
        return encodeURI(path).replaceAll("%25", "%");
      } catch {
        return "/%";
      }
    }
    function hasCacheControl(event, result) {
      const own = result?.headers;
      return event.res.headers.has(CACHE_CONTROL) || typeof own?.has === "function" && own.has(CACHE_CONTROL);
    }
    module.exports = { hasCacheControl, incoming, isWeb, offerBody, outgoing, routedTarget, signedTarget };
  }
});

// bindings-node/lib/h3-response.js
var require_h3_response = __commonJS({
  "bindings-node/lib/h3-response.js"(exports, module) {
    "use strict";
    init_globals();
    var { isUint8Array } = require_brands();
    var { bytesHeaders } = require_content_type();
    var HTTP_RESPONSE = Symbol.for("h3.HTTPResponse");
    var TEXT_TYPE = "text/plain;charset=UTF-8";
    var JSON_TYPE = "application/json;charset=UTF-8";
    var ERROR_STATUS = 400;
    var BODILESS = [101, 204, 205, 304];
    var UNKNOWN = ["symbol", "function"];
    function responseOf(event, result) {
      if (UNKNOWN.includes(typeof result)) return void 0;
      const {
        body,
        headers,
        status = event.res.status,
        statusText = event.res.statusText
      } = partsOf(event, result);
      const isError = result instanceof Response && status >= ERROR_STATUS;
      const all = new Headers(headers);
      moveHeaders(isError ? event.res.errHeaders : event.res.headers, all);
      const isBodiless = event.req.method === "HEAD" || BODILESS.includes(status);
      return new Response(isBodiless ? null : body, { status, statusText, headers: all });
    }
    function errorResponseOf(event, error) {
      const { onError, debug } = event.app?.config ?? {};
      if (error?.name !== "HTTPError" || error.unhandled || onError || debug) return void 0;
      const { status, statusText, headers = [] } = error;
      const all = new Headers({ "Content-Type": JSON_TYPE });
      for (const [name, value] of headers) all.set(name, value);
      return responseOf(event, new Response(JSON.stringify(error), { status, statusText, headers: all }));
    }
    function moveHeaders(prepared, all) {
      for (const [name, value] of [...prepared ?? []]) {
        if (name === "set-cookie") all.append(name, value);
        else all.set(name, value);
        prepared.delete(name);
      }
    }
    function partsOf(event, result) {
      if (result === null || result === void 0) return { body: "", headers: { "Content-Length": "0" } };
      if (result instanceof Response || result[HTTP_RESPONSE]) return result;
      if (!isData(result)) return { body: result, headers: headersOf(result) };
      return { body: asJson(result, event.app?.config?.debug), headers: { "Content-Type": JSON_TYPE } };
    }
    function headersOf(body) {
      if (typeof body === "string") return { "Content-Type": TEXT_TYPE };
      if (body instanceof Blob) return { "Content-Type": body.type };
      return isUint8Array(body) ? bytesHeaders() : {};
    }
    var asJson = (data, isIndented) => typeof data === "bigint" ? String(data) : JSON.stringify(data, void 0, isIndented ? 2 : void 0);
    function isData(result) {
      if (typeof result !== "object") return typeof result !== "string";
      if (isUint8Array(result) || result instanceof Blob) return false;
      const prototype = Object.getPrototypeOf(result);
      const isPlain = prototype === null || prototype === Object.prototype;
      return isPlain || Array.isArray(result) || typeof result.toJSON === "function";
    }
    module.exports = { errorResponseOf, responseOf };
  }
});

// bindings-node/lib/nitro-cache.js
var require_nitro_cache = __commonJS({
  "bindings-node/lib/nitro-cache.js"(exports, module) {
    "use strict";
    init_globals();
    var { failure } = require_errors();
    function refuseCaching(event) {
      const { context } = event;
      if (context.cache?.options || hasCacheRule(context)) throw cached();
      Object.defineProperty(context, "cache", {
        configurable: true,
        enumerable: true,
        get: () => void 0,
        set: (value) => {
          if (value?.options) throw cached();
          Object.defineProperty(context, "cache", {
            configurable: true,
            enumerable: true,
            writable: true,
            value
          });
        }
      });
    }
    function hasCacheRule({ _nitro, routeRules }) {
      const rules = _nitro?.routeRules ?? routeRules ?? {};
      return Boolean(rules.cache);
    }
    var cached = () => failure(
      "CONFIG",
      "a verified route runs in a cached handler: its response would be sent to callers whose signature nobody verified. Remove swr, isr or cache from the routeRules of this path, and defineCachedEventHandler around it; cache the data inside the handler with defineCachedFunction"
    );
    module.exports = { refuseCaching };
  }
});

// bindings-node/h3.js
var require_h3 = __commonJS({
  "bindings-node/h3.js"(exports, module) {
    "use strict";
    init_globals();
    var { configuration, signature } = require_client();
    var { fetchedTarget } = require_fetched_target();
    var { failure, Rejection } = require_errors();
    var { EXEMPT, Gate, GONE } = require_gate();
    var {
      hasCacheControl,
      incoming,
      isWeb,
      offerBody,
      outgoing,
      routedTarget,
      signedTarget
    } = require_h3_event();
    var { errorResponseOf, responseOf } = require_h3_response();
    var { CACHE_CONTROL, leaveBody, PRIVATE } = require_node_adapter();
    var { refuseCaching } = require_nitro_cache();
    var { signWhenComplete } = require_responses();
    var { prepared } = require_web_response();
    function hmacSignatureMiddleware2(event, { method = event.method ?? event.req.method, path = signedTarget(event) } = {}) {
      if (configuration()?.server?.hmac?.enableHmac) {
        event.context.authHeaders = signature(method, asFetched(path));
      }
    }
    function asFetched(path) {
      if (!String(path).startsWith("/")) return path;
      return fetchedTarget(new URL(`http://any${path}`));
    }
    function defineSignedEventHandler2(handler, call) {
      requireHandler(handler, "defineSignedEventHandler(handler)");
      return marked((event) => {
        hmacSignatureMiddleware2(event, typeof call === "function" ? call(event) : call);
        return handler(event);
      });
    }
    function requireHandler(handler, call) {
      if (typeof handler !== "function") throw failure("CONFIG", `${call}: give a handler function`);
    }
    function hmacAuthMiddleware2(config) {
      const gate = new Gate(config);
      const middleware = marked(async (event, next) => {
        const { response, call } = await admit(gate, event);
        if (response !== void 0 || typeof next !== "function") return response;
        return completed(gate, event, call, next);
      });
      return Object.assign(middleware, { verifier: gate.verifier });
    }
    function defineVerifiedEventHandler2(config, handler) {
      requireHandler(handler, "defineVerifiedEventHandler(config, handler)");
      const gate = new Gate(config);
      const verified = marked(async (event) => {
        const { response, call } = await admit(gate, event);
        return response ?? completed(gate, event, call, () => handler(event));
      });
      return Object.assign(verified, { verifier: gate.verifier });
    }
    async function admit(gate, event) {
      const [req, url] = [incoming(event), signedTarget(event)];
      const judged = await gate.judge(req, url, routedTarget(event));
      if (judged === GONE) return { response: "" };
      if (req.sealwireRejection) event.context.sealwireRejection = req.sealwireRejection;
      if (judged === EXEMPT || judged === void 0) return {};
      const call = { req, url, judged };
      if (!(judged instanceof Rejection)) return accept(gate, event, call);
      signResponse(gate, event, call);
      return { response: await sent(gate, event, call) };
    }
    function accept(gate, event, call) {
      refuseCaching(event);
      signResponse(gate, event, call);
      const res = outgoing(event);
      if (!isWeb(event) && !res.hasHeader(CACHE_CONTROL)) res.setHeader(CACHE_CONTROL, PRIVATE);
      if (!isWeb(event)) offerBody(event);
      event.context.sealwire = call.judged;
      return { call };
    }
    function signResponse(gate, event, { req, url, judged }) {
      const res = outgoing(event);
      if (!res || !gate.responses.isSigned(routedTarget(event))) return;
      signWhenComplete(req, res, (response) => gate.signResponse(req, url, judged, response), gate.responses);
    }
    async function completed(gate, event, call, run) {
      if (call === void 0 || !isWeb(event)) return run();
      if (outgoing(event) || !gate.responses.isSigned(routedTarget(event)))
        return keptPrivate(event, await run());
      const result = await resultOf(event, run);
      const response = responseOf(event, result);
      return response === void 0 ? result : prepared(gate, call.req, call.judged, response);
    }
    async function resultOf(event, run) {
      try {
        return await run();
      } catch (error) {
        const response = errorResponseOf(event, error);
        if (response === void 0) throw error;
        return response;
      }
    }
    function keptPrivate(event, result) {
      if (hasCacheControl(event, result)) return result;
      event.res.headers.set(CACHE_CONTROL, PRIVATE);
      event.res.errHeaders?.set(CACHE_CONTROL, PRIVATE);
      return result;
    }
    async function sent(gate, event, { req, judged }) {
      const res = outgoing(event);
      if (res) leaveBody(req, res);
      const { status, headers, body } = await gate.rejectionResponse(req, judged);
      if (isWeb(event)) {
        const response = new Response(body, { status, headers });
        return res ? response : prepared(gate, req, judged, response);
      }
      res.statusCode = status;
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
      return body;
    }
    function marked(handler) {
      handler.__is_handler__ = true;
      return handler;
    }
    module.exports = {
      defineSignedEventHandler: defineSignedEventHandler2,
      defineVerifiedEventHandler: defineVerifiedEventHandler2,
      hmacAuthMiddleware: hmacAuthMiddleware2,
      hmacSignatureMiddleware: marked(hmacSignatureMiddleware2)
    };
  }
});

// bindings-node/edge/lib/h3.mjs
init_globals();
var import_h3 = __toESM(require_h3(), 1);

export {
  import_h3
};
