import {
  require_verifier
} from "./chunk-ADQ3D77C.mjs";
import {
  require_check_settings,
  require_identity,
  require_key_ring
} from "./chunk-NZSU2ZHC.mjs";
import {
  Buffer,
  __commonJS,
  __toCommonJS,
  init_globals,
  init_native,
  init_node_modules,
  native_exports,
  node_modules_exports,
  process,
  require_brands,
  require_errors,
  require_head
} from "./chunk-EDTRMGG6.mjs";

// bindings-node/lib/blocks.js
var require_blocks = __commonJS({
  "bindings-node/lib/blocks.js"(exports, module) {
    "use strict";
    init_globals();
    var FIRST_BYTES = 1024;
    var BLOCK_BYTES = 64 * 1024;
    var Blocks = class {
      #full = [];
      #block = Buffer.alloc(0);
      #used = 0;
      #total = 0;
      get length() {
        return this.#total;
      }
      push(chunk) {
        for (let at = 0; at < chunk.length; ) {
          if (this.#used === this.#block.length) this.#grow();
          const copied = Math.min(chunk.length - at, this.#block.length - this.#used);
          this.#block.set(chunk.subarray(at, at + copied), this.#used);
          this.#used += copied;
          at += copied;
        }
        this.#total += chunk.length;
      }
      // Returns the bytes in a single buffer and releases the blocks.
      joined() {
        const parts = [...this.#full, this.#block.subarray(0, this.#used)];
        this.#full = [];
        this.#block = Buffer.alloc(0);
        this.#used = 0;
        return parts.length === 1 ? parts[0] : Buffer.concat(parts);
      }
      // Doubles the size of blocks up to a maximum, so that small bodies need little memory.
      #grow() {
        if (this.#used > 0) this.#full.push(this.#block);
        const bytes = Math.min(BLOCK_BYTES, Math.max(FIRST_BYTES, this.#block.length * 2));
        this.#block = Buffer.allocUnsafeSlow(bytes);
        this.#used = 0;
      }
    };
    module.exports = { Blocks };
  }
});

// bindings-node/lib/read-stream.js
var require_read_stream = __commonJS({
  "bindings-node/lib/read-stream.js"(exports, module) {
    "use strict";
    init_globals();
    var GONE = Symbol("the client closed the connection");
    var LATE = Symbol("the body did not arrive in time");
    async function readStream(stream, take, timeoutMs) {
      if (!stream) return void 0;
      const reader = stream.getReader();
      let timer;
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, timeoutMs, LATE);
      });
      const stopped = await Promise.race([drained(reader, take), late]);
      clearTimeout(timer);
      if (stopped !== void 0) reader.cancel().catch(() => {
      });
      return stopped;
    }
    async function drained(reader, take) {
      try {
        for (; ; ) {
          const { done, value } = await reader.read();
          const stopped = done ? void 0 : take(value);
          if (done || stopped !== void 0) return stopped;
        }
      } catch {
        return GONE;
      }
    }
    module.exports = { GONE, LATE, readStream };
  }
});

// bindings-node/lib/body.js
var require_body = __commonJS({
  "bindings-node/lib/body.js"(exports, module) {
    "use strict";
    init_globals();
    var { isArrayBuffer, isUint8Array } = require_brands();
    var { setImmediate: nextTurn } = (init_node_modules(), __toCommonJS(node_modules_exports));
    var { Blocks } = require_blocks();
    var { failure, warnOnce } = require_errors();
    var { GONE, LATE, readStream } = require_read_stream();
    function hasBody(req) {
      const { "content-length": length, "transfer-encoding": coding } = req.headers;
      if (length !== void 0) return Number(length) !== 0;
      return coding !== void 0 || isMultiplexed(req) && !req.stream?.endAfterHeaders;
    }
    var isMultiplexed = (req) => req.httpVersionMajor > 1;
    async function takeBody(req, take, timeoutMs) {
      const held = hostBody(req);
      if (held !== void 0) {
        req.rawBody = held;
        return take(held);
      }
      if (isWebStream(req)) return takeWebStream(req, take, timeoutMs);
      if (!hasBody(req) || !isStream(req)) return void 0;
      rejectConsumed(req);
      if (req.headers["content-length"] === void 0) await nextTurn();
      if (hasEnded(req) && req.readableLength === 0) return void 0;
      const blocks = new Blocks();
      const stopped = await drained(req, timeoutMs, (chunk) => {
        blocks.push(chunk);
        return take(chunk);
      });
      if (stopped === void 0) restore(req, blocks.joined());
      return stopped;
    }
    function hostBody(req) {
      const { rawBody, body } = req;
      if (isUint8Array(rawBody)) return rawBody;
      if (body === void 0 || body === null || isFromSocket(req)) return void 0;
      if (typeof body === "string") return textBytes(body);
      if (isUint8Array(body)) return body;
      return isArrayBuffer(body) ? Buffer.from(body) : void 0;
    }
    var LOST = "\uFFFD";
    function textBytes(text) {
      if (text.includes(LOST)) {
        warnOnce(
          "BODY_DECODED",
          "the host decoded a request body as UTF-8 text and lost bytes of it, so its signature cannot be verified; send such a body as text, for example as base64"
        );
      }
      return Buffer.from(text);
    }
    var isWebStream = (req) => !isFromSocket(req) && typeof req.body?.getReader === "function";
    async function takeWebStream(req, take, timeoutMs) {
      const blocks = new Blocks();
      const keep = (chunk) => {
        blocks.push(chunk);
        return take(chunk);
      };
      const stopped = await readStream(req.body, keep, timeoutMs);
      if (stopped === void 0) req.body = req.rawBody = blocks.joined();
      return stopped;
    }
    var isFromSocket = (req) => isMultiplexed(req) || isStream(req) && req.rawHeaders?.length > 0 && typeof req.socket?.write === "function";
    var isStream = (req) => req._readableState !== void 0;
    function rejectConsumed(req) {
      if (!req.readableDidRead && !req.readableEnded && !req.readableEncoding) return;
      throw failure(
        "BODY_CONSUMED",
        "the request body was read before its signature could be verified; mount hmacAuth before express.json(), multer and every other body parser"
      );
    }
    var hasEnded = (req) => req._readableState.ended;
    function drained(req, timeoutMs, take) {
      return new Promise((resolve) => {
        const timer = timeoutMs > 0 ? setTimeout(() => done(LATE), timeoutMs) : void 0;
        const done = (result) => {
          clearTimeout(timer);
          for (const event of ENDINGS) req.off(event, onGone);
          req.off("readable", onReadable);
          resolve(result);
        };
        const onGone = () => done(GONE);
        const onReadable = () => {
          while (req.readableLength > 0) {
            const stopped = take(req.read(req.readableLength));
            if (stopped !== void 0) return done(stopped);
          }
          return hasEnded(req) ? done() : void 0;
        };
        for (const event of ENDINGS) req.on(event, onGone);
        req.on("readable", onReadable);
      });
    }
    var ENDINGS = ["close", "aborted", "error"];
    function restore(req, body) {
      req.rawBody = body;
      if (body.length > 0) req.unshift(body);
    }
    module.exports = { GONE, hasBody, isMultiplexed, LATE, takeBody };
  }
});

// bindings-node/lib/responses.js
var require_responses = __commonJS({
  "bindings-node/lib/responses.js"(exports, module) {
    "use strict";
    init_globals();
    var { Blocks } = require_blocks();
    var { warnOnce } = require_errors();
    var { EMPTY } = require_head();
    var DEFAULT_MAX_BYTES = 1 << 20;
    var EVENT_STREAM = /^text\/event-stream\b/i;
    var BODILESS = /* @__PURE__ */ new Set([204, 304]);
    var HOLDING = 0;
    var RELEASED = 1;
    var DISCARDED = 2;
    function responseSettings({
      signResponses = false,
      maxSignedResponseBytes: maxBytes = DEFAULT_MAX_BYTES,
      oversizeResponses: oversize = "pass",
      unsignedResponsePaths: unsignedPaths = []
    }) {
      const isListed = (path) => unsignedPaths.some((pattern) => matches(pattern, path));
      return { isSigned: (target) => signResponses && !isListed(target.split("?", 1)[0]), maxBytes, oversize };
    }
    var matches = (pattern, path) => pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
    function signWhenComplete(req, res, sign, settings) {
      new HeldResponse(req, res, sign, settings).install();
    }
    var HeldResponse = class {
      #state = HOLDING;
      #hasBegun = false;
      #blocks = new Blocks();
      #req;
      #res;
      #sign;
      #settings;
      #lower;
      constructor(req, res, sign, settings) {
        this.#req = req;
        this.#res = res;
        this.#sign = sign;
        this.#settings = settings;
        const { end, flushHeaders, write, writeHead } = res;
        this.#lower = { end, flushHeaders, write, writeHead };
      }
      install() {
        const res = this.#res;
        res.writeHead = (...args) => this.#writeHead(args);
        res.flushHeaders = () => this.#flushHeaders();
        res.write = (...args) => this.#write(args);
        res.end = (...args) => this.#end(args);
        this.#coverHeadersSent();
      }
      // Error handlers read `headersSent` to choose between an error page and closing the connection.
      #coverHeadersSent() {
        const res = this.#res;
        const { get: inner, value } = inherited(res, "headersSent");
        let own = value;
        const get = () => this.#state === HOLDING && this.#hasBegun || (inner ? inner.call(res) : own);
        const set = (sent) => {
          own = sent;
        };
        Object.defineProperty(res, "headersSent", { configurable: true, get, set });
      }
      #writeHead(args) {
        if (this.#state === RELEASED) return this.#call("writeHead", args);
        if (this.#state === HOLDING) {
          this.#hasBegun = true;
          setHead(this.#req, this.#res, args);
        }
        return this.#res;
      }
      #flushHeaders() {
        if (this.#state === HOLDING && this.#isEventStream()) this.#release();
        if (this.#state === RELEASED) this.#call("flushHeaders", []);
      }
      #write(args) {
        const [chunk, encoding] = args;
        if (this.#state === HOLDING) this.#begin();
        if (this.#state === HOLDING) this.#hold(bytesOf(chunk, encoding));
        else if (this.#state === RELEASED) return this.#call("write", args);
        callbackOf(args)?.();
        return true;
      }
      #end(args) {
        const [chunk, encoding] = args;
        if (this.#state === HOLDING) this.#begin();
        if (this.#state === HOLDING) this.#hold(bytesOf(chunk, encoding));
        else if (this.#state === RELEASED) return this.#call("end", args);
        if (this.#state === HOLDING) this.#sendSigned();
        return this.#state === DISCARDED ? this.#res : this.#call("end", [callbackOf(args)].filter(Boolean));
      }
      // Runs the header listeners of other middleware, which can change the signed status.
      #begin() {
        if (!this.#hasBegun) this.#res.writeHead(this.#res.statusCode);
        if (this.#isEventStream()) this.#release();
      }
      #isEventStream() {
        return isEventStream(this.#res.getHeader("Content-Type"));
      }
      #hold(bytes) {
        if (this.#blocks.length + bytes.length <= this.#settings.maxBytes) return this.#blocks.push(bytes);
        if (this.#settings.oversize === "reject") return this.#discard();
        this.#release();
        return this.#call("write", [bytes]);
      }
      // Sends the response without a signature.
      #release() {
        warnUnsigned(this.#req, this.#isEventStream() ? "an event stream" : "longer than maxSignedResponseBytes");
        this.#state = RELEASED;
        this.#call("writeHead", [this.#res.statusCode]);
        const held = this.#blocks.joined();
        if (held.length > 0) this.#call("write", [held]);
      }
      #sendSigned() {
        const [req, res, body] = [this.#req, this.#res, this.#blocks.joined()];
        const hasBody = req.method !== "HEAD" && !BODILESS.has(res.statusCode);
        const headers = this.#sign({ status: res.statusCode, body: hasBody ? body : EMPTY });
        if (headers)
          setHeaders(res, { ...headers, "Cache-Control": untransformed(res.getHeader("Cache-Control")) });
        if (!BODILESS.has(res.statusCode) && (hasBody || body.length > 0) && !isFramed(res)) {
          res.setHeader("Content-Length", body.length);
        }
        this.#state = RELEASED;
        this.#call("writeHead", [res.statusCode]);
        if (body.length > 0) this.#call("write", [body]);
      }
      // Sends an error instead of a response that is too long to sign.
      #discard() {
        const res = this.#res;
        warnUnsigned(this.#req, "longer than maxSignedResponseBytes, and oversizeResponses is reject");
        for (const name of res.getHeaderNames())
          if (/^(content-|etag|last-modified)/.test(name)) res.removeHeader(name);
        res.statusCode = 500;
        res.setHeader("Content-Type", "text/plain; charset=utf-8");
        this.#blocks.joined();
        this.#blocks.push(Buffer.from("The response is too long to sign"));
        this.#sendSigned();
        this.#call("end", []);
        this.#state = DISCARDED;
      }
      #call(method, args) {
        return this.#lower[method].apply(this.#res, args);
      }
    };
    var isEventStream = (type) => EVENT_STREAM.test(String(type ?? ""));
    function inherited(object, name) {
      const descriptor = Object.getOwnPropertyDescriptor(object, name);
      return descriptor ?? inherited(Object.getPrototypeOf(object), name);
    }
    function setHead(req, res, [status, ...rest]) {
      res.statusCode = status;
      const [reason, headers = reason] = rest;
      if (typeof reason === "string" && !(req.httpVersionMajor > 1)) res.statusMessage = reason;
      if (Array.isArray(headers)) setListed(res, headers);
      else if (typeof headers === "object" && headers !== null) setHeaders(res, headers);
    }
    function setListed(res, headers) {
      const flat = headers.flat();
      const pairs = Array.isArray(headers[0]) ? headers : flat.flatMap((name, at) => at % 2 === 0 ? [[name, flat[at + 1]]] : []);
      for (const [name] of pairs) res.removeHeader(name);
      for (const [name, value] of pairs) res.appendHeader(name, value);
    }
    function setHeaders(res, headers) {
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    }
    function untransformed(cacheControl) {
      const given = [cacheControl ?? []].flat().join(", ");
      if (/\bno-transform\b/i.test(given)) return given;
      return given === "" ? "no-transform" : `${given}, no-transform`;
    }
    var isFramed = (res) => ["Content-Length", "Transfer-Encoding", "Trailer"].some((name) => res.hasHeader(name));
    function bytesOf(chunk, encoding) {
      if (chunk === void 0 || chunk === null || typeof chunk === "function") return EMPTY;
      return typeof chunk === "string" ? Buffer.from(chunk, typeof encoding === "string" ? encoding : "utf8") : chunk;
    }
    var callbackOf = (args) => args.find((each) => typeof each === "function");
    var MAX_SHOWN = 200;
    function warnUnsigned(req, why) {
      const path = String(req.url).split("?", 1)[0].slice(0, MAX_SHOWN);
      warnOnce(
        "UNSIGNED_RESPONSE",
        `the response to ${req.method} ${path} cannot be signed: it is ${why}. List such paths in unsignedResponsePaths. Further ones are not reported.`
      );
    }
    module.exports = { isEventStream, responseSettings, signWhenComplete, untransformed, warnUnsigned };
  }
});

// bindings-node/lib/key-lookup.js
var require_key_lookup = __commonJS({
  "bindings-node/lib/key-lookup.js"(exports, module) {
    "use strict";
    init_globals();
    var { failure, warnOnce } = require_errors();
    var native = (init_native(), __toCommonJS(native_exports));
    var { unknownSender } = native.catalog();
    var TTL_MS = 6e4;
    var MISS_MS = 1e4;
    var MAX_MISSES = 1e4;
    var KeyLookup = class {
      #lookUp;
      #given;
      #ttlMs;
      #found = /* @__PURE__ */ new Map();
      #misses = /* @__PURE__ */ new Map();
      #running = /* @__PURE__ */ new Map();
      constructor({ lookUpKeys, lookUpTtlMs = TTL_MS, clients = {}, keys, verifier, allowWeak = false }) {
        if (keys !== void 0 || verifier !== void 0) {
          throw failure(
            "CONFIG",
            "lookUpKeys: give clients beside it, not keys or verifier, because it adds keys to them"
          );
        }
        this.#lookUp = lookUpKeys;
        this.#ttlMs = lookUpTtlMs;
        this.#given = { clients, allowWeak };
      }
      // Resolves to whether the key ring has new keys for the sender of this rejection.
      async find({ code, sender, scheme }, ring) {
        if (code !== unknownSender || sender === "" || this.#misses.get(sender) > Date.now()) return false;
        const running = this.#running.get(sender) ?? this.#ask(sender, scheme, ring);
        this.#running.set(sender, running);
        return running.finally(() => this.#running.delete(sender));
      }
      // Removes keys that must be looked up again.
      expire(ring) {
        const before = this.#found.size;
        for (const [sender, { until }] of this.#found) {
          if (until > Date.now()) break;
          this.#found.delete(sender);
        }
        if (this.#found.size < before) this.#update(ring);
      }
      async #ask(sender, scheme, ring) {
        try {
          const keys = await this.#lookUp(sender, { scheme });
          if (keys === void 0 || keys === null) return this.#missed(sender);
          this.#found.delete(sender);
          this.#found.set(sender, { keys, until: Date.now() + this.#ttlMs });
          this.#update(ring);
          return true;
        } catch (error) {
          this.#found.delete(sender);
          warnOnce("KEY_LOOKUP", `lookUpKeys failed, so the sender stays unknown: ${error?.message ?? error}`);
          return false;
        }
      }
      #missed(sender) {
        if (this.#misses.size >= MAX_MISSES) this.#misses.delete(this.#misses.keys().next().value);
        this.#misses.set(sender, Date.now() + MISS_MS);
        return false;
      }
      #update(ring) {
        const all = [this.#given, ...[...this.#found.values()].map(({ keys }) => keys)];
        const merge = (name) => Object.assign({}, ...all.map((keys) => keys[name]));
        ring.replace({ clients: merge("clients"), pairs: merge("pairs"), allowWeak: this.#given.allowWeak });
      }
    };
    module.exports = { KeyLookup };
  }
});

// bindings-node/lib/hooks.js
var require_hooks = __commonJS({
  "bindings-node/lib/hooks.js"(exports, module) {
    "use strict";
    init_globals();
    var { isUint8Array } = require_brands();
    var { failure, warnOnce } = require_errors();
    var { KeyLookup } = require_key_lookup();
    var JSON_TYPE = "application/json; charset=utf-8";
    var Hooks = class {
      #onReject;
      #lookup;
      constructor(config) {
        for (const name of ["skip", "onReject", "lookUpKeys"]) {
          if (config[name] !== void 0 && typeof config[name] !== "function") {
            throw failure("CONFIG", `${name}: give a function`);
          }
        }
        this.skip = config.skip;
        this.#onReject = config.onReject;
        if (config.lookUpKeys) this.#lookup = new KeyLookup(config);
      }
      get looksUpKeys() {
        return this.#lookup !== void 0;
      }
      expireKeys(ring) {
        this.#lookup.expire(ring);
      }
      // Resolves to whether keys were found for the sender of a rejected request.
      findKeys(rejection, ring) {
        return this.#lookup.find(rejection, ring);
      }
      // Returns the application's response for a rejection, or undefined. The application cannot change its
      // status.
      onReject(req, rejection, usual) {
        return this.#onReject ? this.#custom(req, rejection, usual) : usual;
      }
      async #custom(req, rejection, usual) {
        try {
          const own = await this.#onReject(req, rejection);
          return own === void 0 ? usual : merged(usual, own);
        } catch (error) {
          warnOnce("ON_REJECT", `onReject failed, so the usual response was sent: ${error?.message ?? error}`);
          return usual;
        }
      }
    };
    function merged({ status, headers }, { body = "", contentType, headers: more }) {
      const isData = typeof body === "object" && !isUint8Array(body);
      const type = contentType ?? (isData ? JSON_TYPE : headers["Content-Type"]);
      return {
        status,
        headers: { ...headers, ...more, "Content-Type": type },
        body: isData ? JSON.stringify(body) : body
      };
    }
    module.exports = { Hooks };
  }
});

// bindings-node/lib/server-settings.js
var require_server_settings = __commonJS({
  "bindings-node/lib/server-settings.js"(exports, module) {
    "use strict";
    init_globals();
    var { checkSettings } = require_check_settings();
    var { failure } = require_errors();
    var { KeyRing } = require_key_ring();
    var native = (init_native(), __toCommonJS(native_exports));
    var { Verifier } = require_verifier();
    var { clientScheme } = native.catalog();
    var ADAPTER_SETTINGS = [
      "bodyTimeoutMs",
      "localHealthCheck",
      "logger",
      "lookUpKeys",
      "lookUpTtlMs",
      "maxSignedResponseBytes",
      "metrics",
      "onReject",
      "oversizeResponses",
      "signResponses",
      "skip",
      "unsignedResponsePaths",
      "verifier"
    ];
    function verifierOf(config) {
      checkSettings("server", config, "hmacAuth()");
      const given = Object.entries(config).filter(([name]) => !ADAPTER_SETTINGS.includes(name));
      const settings = Object.fromEntries(given);
      requireNoConflict(config, config.lookUpKeys !== void 0);
      const { verifier } = config;
      if (verifier === void 0) return makeVerifier(settings, config.lookUpKeys !== void 0);
      const [extra] = given.find(([, value]) => value !== void 0) ?? [];
      if (extra === void 0) return verifier;
      throw failure("CONFIG", `${extra}: the verifier has its own settings; give ${extra} to new Verifier()`);
    }
    var KEY_SETTINGS = [["clientId", "sharedSecret"], ["clients"], ["keys"]];
    function requireOneSource(config) {
      const given = KEY_SETTINGS.map((names) => names.find((name) => config[name] !== void 0)).filter(Boolean);
      if (given.length < 2) return;
      const [first, second] = given;
      throw failure(
        "CONFIG",
        `${first}: give ${first} or ${second}, not both, because ${first} would be ignored`
      );
    }
    function requireNoConflict(config, looksUpKeys) {
      const wide = ["pastMs", "futureMs"].find((name) => config[name] !== void 0);
      if (config.maxClockSkew !== void 0 && wide) {
        throw failure("CONFIG", `maxClockSkew: give maxClockSkew or ${wide}, not both`);
      }
      if (config.lookUpTtlMs !== void 0 && !looksUpKeys) {
        throw failure(
          "CONFIG",
          "lookUpTtlMs: give lookUpKeys too, because it is the time that their results are kept"
        );
      }
      if (config.clients && !looksUpKeys && Object.keys(config.clients).length === 0) {
        throw failure("CONFIG", "clients: name at least one client, because all others are rejected");
      }
    }
    function makeVerifier(config, looksUpKeys) {
      requireOneSource(config);
      const { clientId, sharedSecret, clients, maxClockSkew, keys, allowWeak = false, ...settings } = config;
      const held = clients ?? (looksUpKeys && clientId === void 0 ? {} : void 0);
      const ring = keys ?? ringOf({ clients: held ?? single(clientId, sharedSecret), allowWeak }, looksUpKeys);
      const window = maxClockSkew === void 0 ? {} : { pastMs: maxClockSkew, futureMs: maxClockSkew };
      const observeOnly = !native.isEnabled(process.env.HMAC_AUTH_ENABLED);
      return new Verifier({ keys: ring, observeOnly, ...window, schemes: [clientScheme], ...settings });
    }
    var ringOf = (keys, looksUpKeys) => looksUpKeys ? KeyRing.growing(keys) : new KeyRing(keys);
    function single(clientId, sharedSecret) {
      const missing = Object.entries({ clientId, sharedSecret }).find(([, value]) => !value);
      if (missing) {
        throw failure(
          "CONFIG",
          `${missing[0]}: set it, or give clients or keys; is its environment variable set?`
        );
      }
      return { [clientId]: sharedSecret };
    }
    module.exports = { verifierOf };
  }
});

// bindings-node/lib/gate.js
var require_gate = __commonJS({
  "bindings-node/lib/gate.js"(exports, module) {
    "use strict";
    init_globals();
    var { GONE, LATE, takeBody } = require_body();
    var { Rejection } = require_errors();
    var { asKeys, flatHeaders, joinHead, partsOf } = require_head();
    var { Hooks } = require_hooks();
    var { Identity, isAccepted } = require_identity();
    var native = (init_native(), __toCommonJS(native_exports));
    var { responseSettings } = require_responses();
    var { verifierOf } = require_server_settings();
    var { clientHeaders, modes } = native.catalog();
    var [CLIENT_ID, TIMESTAMP, REQUEST_ID, SIGNATURE] = asKeys(clientHeaders);
    var [OFF, OBSERVE] = modes;
    var BODY_TIMEOUT_MS = 6e4;
    var EXEMPT = Symbol("needs no signature");
    var Gate = class {
      #verifier;
      #exempts;
      #healthChecks;
      #hooks;
      #metrics;
      #logger;
      #bodyTimeoutMs;
      constructor(config) {
        this.#verifier = verifierOf(config);
        const { logger, metrics, localHealthCheck = true, bodyTimeoutMs = BODY_TIMEOUT_MS } = config;
        this.#logger = logger;
        this.#metrics = metrics;
        this.#healthChecks = localHealthCheck;
        this.#bodyTimeoutMs = bodyTimeoutMs;
        this.#hooks = new Hooks(config);
        this.responses = responseSettings(config);
        this.#exempts = this.#verifier.hasExemptions;
        metrics?.know?.(this.#verifier.keys);
      }
      get verifier() {
        return this.#verifier;
      }
      // Resolves to an Identity, a Rejection to respond with, EXEMPT, GONE, or undefined for a request that is
      // accepted without an identity. Returns a promise if the body, a hook or a shared store takes time. `url`
      // is the signed target, and `routed` is the target that the application routes.
      judge(req, url, routed = url) {
        if (this.#hooks.skip) return this.#judgeUnlessSkipped(req, url, routed);
        return this.#judge(req, url, routed);
      }
      async #judgeUnlessSkipped(req, url, routed) {
        return await this.#hooks.skip(req) === true ? EXEMPT : this.#judge(req, url, routed);
      }
      #judge(req, url, routed) {
        if (this.#exempts && this.#verifier.isExempt(...this.#head(req, url, routed))) return EXEMPT;
        if (this.#verifier.clientOnly && !this.#hooks.looksUpKeys) return this.#judgeClient(req, url, routed);
        return this.#judgeAny(req, url, routed);
      }
      // The fast path for the `client` scheme. A health check usually has no headers of the scheme, so it is
      // detected only after an invalid signature.
      #judgeClient(req, url, routed) {
        const started = this.#startsClock();
        const { method, headers } = req;
        const id = headers[CLIENT_ID];
        const timestamp = headers[TIMESTAMP];
        const requestId = headers[REQUEST_ID];
        const signature = headers[SIGNATURE];
        const verdict = this.#verifier.verdictOfClient(method, url, id, timestamp, requestId, signature);
        if (verdict !== void 0 && isAccepted(verdict)) {
          return this.#accept(new Identity(verdict, id, requestId), started);
        }
        if (this.#isHealthCheck(req, routed)) return EXEMPT;
        return this.#decide(
          req,
          verdict ?? this.#verifier.verdictOfHead(...this.#head(req, url, routed)),
          started
        );
      }
      #judgeAny(req, url, routed) {
        if (this.#isHealthCheck(req, routed)) return EXEMPT;
        const started = this.#startsClock();
        const head = this.#head(req, url, routed);
        if (this.#hooks.looksUpKeys) return this.#judgeWithLookUp(req, head, started);
        return this.#continue(req, this.#verifier.begin(...head), started);
      }
      // Asks the application for the keys of an unknown sender, and then verifies again.
      async #judgeWithLookUp(req, head, started) {
        this.#hooks.expireKeys(this.#verifier.keys);
        const waiting = this.#verifier.begin(...head);
        const isUnknown = typeof waiting === "string";
        const found = isUnknown && await this.#hooks.findKeys(new Rejection(waiting), this.#verifier.keys);
        return this.#continue(req, found ? this.#verifier.begin(...head) : waiting, started);
      }
      #continue(req, waiting, started) {
        return typeof waiting === "string" ? this.#decide(req, waiting, started) : this.#judgeBody(req, waiting, started);
      }
      async #judgeBody(req, waiting, started) {
        try {
          const stopped = this.#verifier.readsBody(waiting) ? await this.#readBody(req, waiting) : void 0;
          if (stopped === GONE) return GONE;
          const verdict = stopped === LATE ? this.#verifier.expire(waiting) : stopped;
          return this.#decide(req, verdict ?? await this.#verifier.finish(waiting), started);
        } finally {
          this.#verifier.release(waiting);
        }
      }
      #readBody(req, waiting) {
        const take = (chunk) => this.#verifier.update(waiting, chunk);
        return req.readBody ? req.readBody(take, this.#bodyTimeoutMs) : takeBody(req, take, this.#bodyTimeoutMs);
      }
      // Returns the headers that sign a response. Returns undefined if the caller has no key of this service or
      // did not prove it, because a signature would reveal which senders exist.
      signResponse(req, url, caller, response) {
        if (caller.macWasValid === false) return void 0;
        const [method, authority, scheme] = [req.method, authorityOf(req), this.#schemeOf(req)];
        const request = { method, url, headers: headersOf(req), authority, scheme };
        try {
          return this.#verifier.signResponse(request, caller, response);
        } catch (error) {
          if (error.code === "SEALWIRE_SIGN") return void 0;
          throw error;
        }
      }
      // Returns the status, headers and body of the response to a rejection. Returns a promise if the application
      // has a hook for it.
      rejectionResponse(req, rejection) {
        const headers = { "Content-Type": "text/plain; charset=utf-8", ...this.#verifier.challenge(rejection) };
        const usual = { status: rejection.status, headers, body: rejection.publicText };
        return this.#hooks.onReject(req, rejection, usual);
      }
      // Returns the head for the native addon, with the signed target and the routed target.
      #head(req, url, routed) {
        const headers = headersOf(req);
        const parts = partsOf([req.method, url, authorityOf(req), this.#schemeOf(req), routed], headers);
        return [joinHead(parts), headers.length];
      }
      // The setting takes precedence, because a server behind a TLS proxy receives only `http`.
      #schemeOf(req) {
        return this.#verifier.scheme ?? (req.socket?.encrypted ? "https" : "http");
      }
      #startsClock() {
        return this.#metrics ? performance.now() : 0;
      }
      #isHealthCheck(req, routed) {
        return this.#healthChecks && native.isLocalHealthCheck(req.method, routed, String(req.socket?.remoteAddress ?? ""));
      }
      #decide(req, verdict, started) {
        return isAccepted(verdict) ? this.#accept(new Identity(verdict), started) : this.#reject(req, new Rejection(verdict), started);
      }
      #accept(identity, started) {
        this.#metrics?.accepted(identity, secondsSince(started));
        this.#logger?.info({
          Authorized: true,
          ClientID: identity.sender,
          Reason: "Match",
          ...identity.toJSON()
        });
        return identity;
      }
      #reject(req, rejection, started) {
        if (rejection.mode === OFF) return void 0;
        const enforced = rejection.mode !== OBSERVE;
        this.#metrics?.rejected(rejection, secondsSince(started), enforced);
        this.#logger?.warn(logged(rejection, req));
        if (enforced) return rejection;
        req.sealwireRejection = rejection;
        return void 0;
      }
    };
    var secondsSince = (started) => (performance.now() - started) / 1e3;
    var MAX_LOGGED = 256;
    var limited = (text) => String(text ?? "").slice(0, MAX_LOGGED);
    function logged({ publicText, sender, code, mode, scheme, keyVersion, ageMs, field }, req) {
      return {
        Authorized: false,
        reason: publicText,
        clientId: limited(sender),
        code,
        mode,
        scheme,
        keyVersion,
        ageMs,
        field,
        method: limited(req.method),
        path: limited(pathOf(req.originalUrl ?? req.url ?? "")),
        peer: limited(req.socket?.remoteAddress)
      };
    }
    var pathOf = (target) => target.split("?", 1)[0];
    function headersOf({ rawHeaders, headers }) {
      return rawHeaders?.length > 0 ? rawHeaders : flatHeaders(headers ?? {});
    }
    var authorityOf = ({ headers }) => headers[":authority"] ?? "";
    module.exports = { EXEMPT, Gate, GONE };
  }
});

// bindings-node/lib/web-request.js
var require_web_request = __commonJS({
  "bindings-node/lib/web-request.js"(exports, module) {
    "use strict";
    init_globals();
    var { readStream } = require_read_stream();
    function webRequest(request, { peer = "", body = () => request.clone().body } = {}) {
      const { host, protocol, pathname, search } = new URL(request.url);
      return {
        method: request.method,
        url: pathname + search,
        headers: { ":authority": host, ...Object.fromEntries(request.headers) },
        rawHeaders: [...request.headers].flat(),
        socket: { remoteAddress: peer, encrypted: protocol === "https:" },
        readBody: (take, timeoutMs) => readStream(body(), take, timeoutMs)
      };
    }
    module.exports = { webRequest };
  }
});

// bindings-node/lib/node-adapter.js
var require_node_adapter = __commonJS({
  "bindings-node/lib/node-adapter.js"(exports, module) {
    "use strict";
    init_globals();
    var { STATUS_CODES } = (init_node_modules(), __toCommonJS(node_modules_exports));
    var { hasBody, isMultiplexed } = require_body();
    var { Rejection } = require_errors();
    var { EXEMPT, GONE } = require_gate();
    var { signWhenComplete } = require_responses();
    var CACHE_CONTROL = "Cache-Control";
    var PRIVATE = "private";
    function admit(gate, req, res, url, send = respond) {
      const call = { req, res, url, send };
      const judged = gate.judge(req, url, req.url);
      return judged instanceof Promise ? judged.then((late) => act(gate, late, call)) : act(gate, judged, call);
    }
    function act(gate, judged, call) {
      if (judged === GONE) return false;
      if (judged === EXEMPT || judged === void 0) return true;
      prepareResponse(gate, judged, call);
      if (judged instanceof Rejection) return reject(gate, judged, call);
      call.req.sealwire = judged;
      return true;
    }
    function prepareResponse(gate, judged, { req, res, url }) {
      const isVerified = !(judged instanceof Rejection);
      if (isVerified && !res.hasHeader(CACHE_CONTROL)) res.setHeader(CACHE_CONTROL, PRIVATE);
      if (!gate.responses.isSigned(req.url)) return;
      signWhenComplete(req, res, (response) => gate.signResponse(req, url, judged, response), gate.responses);
    }
    function reject(gate, rejection, { req, res, send }) {
      const response = gate.rejectionResponse(req, rejection);
      if (response instanceof Promise) return response.then((late) => send(req, res, late));
      return send(req, res, response);
    }
    function respond(req, res, { status, headers, body }) {
      if (res.headersSent || res.destroyed) return false;
      res.statusCode = status;
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
      leaveBody(req, res);
      res.end(body);
      return false;
    }
    function leaveBody(req, res) {
      if (!hasBody(req) || req.complete) return;
      if (!isMultiplexed(req)) res.setHeader("Connection", "close");
      else req.stream.once("finish", () => req.stream.destroy());
    }
    async function verifyUpgrade(gate, req, socket) {
      const onError = () => socket.destroy();
      socket.on("error", onError);
      const judged = await gate.judge(upgradeRequest(req, socket), req.url);
      if (socket.destroyed || judged === GONE) return false;
      if (judged instanceof Rejection) {
        refuseUpgrade(socket, await gate.rejectionResponse(req, judged));
        return false;
      }
      socket.off("error", onError);
      if (judged !== EXEMPT && judged !== void 0) req.sealwire = judged;
      return true;
    }
    var upgradeRequest = ({ method, url, headers, rawHeaders }, socket) => ({
      method,
      url,
      headers,
      rawHeaders,
      socket,
      readBody: () => void 0
    });
    function refuseUpgrade(socket, { status, headers, body }) {
      const bytes = Buffer.from(body);
      const all = { ...headers, "Content-Length": bytes.length, Connection: "close" };
      const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r
`);
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r
${lines.join("")}\r
`);
      socket.end(bytes, () => socket.destroy());
    }
    module.exports = { admit, CACHE_CONTROL, leaveBody, prepareResponse, PRIVATE, respond, verifyUpgrade };
  }
});

// bindings-node/lib/content-type.js
var require_content_type = __commonJS({
  "bindings-node/lib/content-type.js"(exports, module) {
    "use strict";
    init_globals();
    var { isUtf8 } = (init_node_modules(), __toCommonJS(node_modules_exports));
    var CONTENT_TYPE = "Content-Type";
    var TEXT = "text/plain;charset=utf-8";
    var BYTES = "application/octet-stream";
    var hidesType = () => !new Response("").headers.has(CONTENT_TYPE);
    function addHiddenType(headers, bytes) {
      if (!headers.has(CONTENT_TYPE) && hidesType()) headers.set(CONTENT_TYPE, isUtf8(bytes) ? TEXT : BYTES);
    }
    var bytesHeaders = () => hidesType() ? { [CONTENT_TYPE]: BYTES } : {};
    module.exports = { addHiddenType, bytesHeaders, CONTENT_TYPE };
  }
});

// bindings-node/lib/web-response.js
var require_web_response = __commonJS({
  "bindings-node/lib/web-response.js"(exports, module) {
    "use strict";
    init_globals();
    var { Blocks } = require_blocks();
    var { addHiddenType, CONTENT_TYPE } = require_content_type();
    var { Rejection } = require_errors();
    var { EMPTY } = require_head();
    var { CACHE_CONTROL, PRIVATE } = require_node_adapter();
    var { isEventStream, untransformed, warnUnsigned } = require_responses();
    var SWITCHING_PROTOCOLS = 101;
    async function prepared(gate, req, judged, response) {
      if (response.status === SWITCHING_PROTOCOLS || response.status === 0) return response;
      const isVerified = !(judged instanceof Rejection);
      if (!gate.responses.isSigned(req.url)) return isVerified ? keptPrivate(response) : response;
      const headers = new Headers(response.headers);
      if (isVerified && !headers.has(CACHE_CONTROL)) headers.set(CACHE_CONTROL, PRIVATE);
      const { status, statusText } = response;
      const body = await signedBody(gate, req, judged, { response, headers });
      if (body === void 0) return tooLong(gate, req, judged);
      return new Response(body, { status, statusText, headers });
    }
    function keptPrivate(response) {
      if (response.headers.has(CACHE_CONTROL)) return response;
      try {
        response.headers.set(CACHE_CONTROL, PRIVATE);
        return response;
      } catch {
        const { body, status, statusText } = response;
        const headers = new Headers(response.headers);
        headers.set(CACHE_CONTROL, PRIVATE);
        return new Response(body, { status, statusText, headers });
      }
    }
    async function signedBody(gate, req, judged, { response, headers }) {
      const { maxBytes, oversize } = gate.responses;
      if (isEventStream(headers.get(CONTENT_TYPE))) {
        warnUnsigned(req, "an event stream");
        return response.body;
      }
      const { bytes, rest } = await upTo(maxBytes, response.body);
      if (rest) {
        warnUnsigned(req, "longer than maxSignedResponseBytes");
        return oversize === "reject" ? rest.cancel().then(() => void 0) : rest;
      }
      addHiddenType(headers, bytes);
      const seen = req.method === "HEAD" ? EMPTY : bytes;
      const signed = gate.signResponse(req, req.url, judged, { status: response.status, body: seen });
      for (const [name, value] of Object.entries(signed ?? {})) headers.set(name, value);
      if (signed) headers.set(CACHE_CONTROL, untransformed(headers.get(CACHE_CONTROL) ?? void 0));
      return response.body && bytes;
    }
    function tooLong(gate, req, judged) {
      const text = "The response is too long to sign";
      const headers = new Headers({ "Content-Type": "text/plain; charset=utf-8" });
      const signed = gate.signResponse(req, req.url, judged, { status: 500, body: Buffer.from(text) });
      for (const [name, value] of Object.entries(signed ?? {})) headers.set(name, value);
      return new Response(text, { status: 500, headers });
    }
    async function upTo(maxBytes, stream) {
      const blocks = new Blocks();
      const reader = stream?.getReader();
      while (reader) {
        const { done, value } = await reader.read();
        if (done) break;
        blocks.push(value);
        if (blocks.length > maxBytes) return { rest: resumed(blocks.joined(), reader) };
      }
      return { bytes: blocks.joined() };
    }
    function resumed(held, reader) {
      return new ReadableStream({
        start: (controller) => controller.enqueue(held),
        pull: async (controller) => {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: (reason) => reader.cancel(reason)
      });
    }
    module.exports = { prepared };
  }
});

export {
  require_blocks,
  require_read_stream,
  require_body,
  require_responses,
  require_gate,
  require_web_request,
  require_content_type,
  require_node_adapter,
  require_web_response
};
