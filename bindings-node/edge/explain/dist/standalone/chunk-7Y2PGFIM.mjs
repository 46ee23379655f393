import {
  Buffer,
  __commonJS,
  __esm,
  __export,
  __toCommonJS,
  __toESM,
  catalog,
  init_globals,
  init_native,
  init_node_modules,
  native_exports,
  node_modules_exports,
  process,
  require_brands,
  require_errors,
  require_head,
  require_parse_url
} from "./chunk-KBCQ3XD7.mjs";

// bindings-node/lib/clients/fetched-target.js
var require_fetched_target = __commonJS({
  "bindings-node/lib/clients/fetched-target.js"(exports, module) {
    "use strict";
    init_globals();
    var [MAJOR, MINOR] = [7, 23];
    var isBun = process.versions.bun !== void 0;
    var keepsEmptyQuery = hasNewFetch(process.versions.undici);
    function hasNewFetch(undici) {
      if (undici === void 0) return true;
      const [major, minor] = undici.split(".").map(Number);
      return major > MAJOR || major === MAJOR && minor >= MINOR;
    }
    function fetchedTarget(url) {
      const { pathname, search } = url;
      const path = isBun ? pathname.replace(/^\/+/, "/") : pathname;
      return path + (keepsEmptyQuery && hasEmptyQuery(url) ? "?" : search);
    }
    var hasEmptyQuery = ({ search, href }) => search === "" && href.split("#", 1)[0].endsWith("?");
    function withoutEmptyQuery(url) {
      if (!hasEmptyQuery(url)) return url;
      const clean = new URL(url);
      clean.search = "";
      return clean;
    }
    module.exports = { fetchedTarget, hasNewFetch, withoutEmptyQuery };
  }
});

// bindings-node/lib/clients/origins.js
var require_origins = __commonJS({
  "bindings-node/lib/clients/origins.js"(exports, module) {
    "use strict";
    init_globals();
    var { failure: failure2 } = require_errors();
    var { parseUrl } = require_parse_url();
    var PROTOCOLS = /* @__PURE__ */ new Set(["http:", "https:"]);
    function originsFrom(origins) {
      if (origins === void 0) return void 0;
      if (!Array.isArray(origins) || origins.length === 0) {
        throw failure2("CONFIG", "origins: give a list, such as ['https://iam.internal']");
      }
      return origins.map(originFrom);
    }
    function originFrom(given) {
      const url = parseUrl(given);
      const isOrigin = PROTOCOLS.has(url?.protocol) && [url.origin, `${url.origin}/`].includes(url.href);
      if (!isOrigin) {
        throw failure2(
          "CONFIG",
          `origins: ${JSON.stringify(String(given))} is not an origin; give scheme, host and port alone, such as https://iam.internal`
        );
      }
      return url.origin;
    }
    function requireOrigin(allowed, url, from) {
      if (allowed.includes(url.origin)) return;
      const what = from ? `a redirect leads from ${from.origin} to ${originOf(url)}` : `for ${originOf(url)}`;
      throw failure2(
        "SIGN",
        `not signed: ${what}, and this client signs for ${allowed.join(", ")}. Nothing was sent to ${originOf(url)}. If the keys are meant for it too, add it to origins`
      );
    }
    var originOf = (url) => url.origin === "null" ? url.href : url.origin;
    function requireHost(url, host) {
      if (host === void 0 || host === null) return;
      const named = parseUrl(`${url.protocol}//${host}`);
      if (named?.host === url.host && named.pathname === "/") return;
      throw failure2(
        "SIGN",
        `not signed: the Host header is ${JSON.stringify(String(host))}, but the URL goes to ${url.host}; remove the header, or call the host it names`
      );
    }
    module.exports = { originFrom, originsFrom, requireHost, requireOrigin };
  }
});

// bindings-node/lib/check-settings.js
var require_check_settings = __commonJS({
  "bindings-node/lib/check-settings.js"(exports, module) {
    "use strict";
    init_globals();
    var { failure: failure2 } = require_errors();
    var native = (init_native(), __toCommonJS(native_exports));
    var METHODS = native.settingMethods();
    var CLASS = Symbol.for("sealwire.class");
    function checkSettings(group, options, call) {
      requireObject(options, call);
      const described = Object.entries(options).map(
        ([name, value]) => native.isCheckedSetting(group, name) ? { name, ...describe(value) } : { name, ...shape(value) }
      );
      native.checkSettings(group, described);
    }
    function checkOpenSettings(group, options, call) {
      requireObject(options, call);
      for (const name of Object.keys(options)) {
        const near = native.nearestSetting(group, name) ?? void 0;
        if (near !== void 0 && options[near] === void 0) {
          throw failure2("CONFIG", `${call}: ${name}: no such setting; did you mean ${near}?`);
        }
      }
    }
    function requireObject(options, call) {
      if (typeof options !== "object" || options === null || Array.isArray(options)) {
        throw failure2("CONFIG", `${call}: give an object of settings, not ${kindOf(options)}`);
      }
    }
    function properties(options) {
      return Object.entries(options).map(([name, value]) => ({ name, ...describe(value) }));
    }
    function shape(value) {
      if (typeof value === "string") return { text: "" };
      if (Array.isArray(value)) return { list: [] };
      if (typeof value === "object" && value !== null && isPlain(value)) return { map: [] };
      return describe(value);
    }
    function describe(value) {
      if (value === void 0 || value === null) return {};
      switch (typeof value) {
        case "boolean":
          return { flag: value };
        case "number":
          return { number: value };
        case "string":
          return { text: value };
        case "object":
          return object(value);
        default:
          return { class: typeof value, methods: [] };
      }
    }
    function object(value) {
      if (Array.isArray(value)) return { list: value.map((each) => ({ name: "", ...describe(each) })) };
      const methods = METHODS.filter((method) => typeof value[method] === "function");
      if (isPlain(value) && methods.length === 0) return { map: properties(value) };
      return { class: classOf(Object.getPrototypeOf(value)?.constructor), methods };
    }
    function isPlain(value) {
      const prototype = Object.getPrototypeOf(value);
      return prototype === null || prototype.constructor?.name === "Object";
    }
    var classOf = (made) => made?.[CLASS] ?? made?.name ?? "Object";
    var kindOf = (value) => value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
    module.exports = { checkOpenSettings, checkSettings, CLASS };
  }
});

// bindings-node/lib/loaded-keys.js
var require_loaded_keys = __commonJS({
  "bindings-node/lib/loaded-keys.js"(exports, module) {
    "use strict";
    init_globals();
    var { brandOf, handleOf } = require_brands();
    var KEYS = brandOf("LoadedKeys");
    var LoadedKeys = class {
      #ring;
      constructor(ring) {
        this.#ring = ring;
      }
      // Returns the native handle for KeyRing, or undefined for other objects.
      static handle(keys) {
        return handleOf(keys, KEYS);
      }
      [KEYS]() {
        return this.#ring;
      }
    };
    module.exports = { LoadedKeys };
  }
});

// bindings-node/lib/key-ring.js
var require_key_ring = __commonJS({
  "bindings-node/lib/key-ring.js"(exports, module) {
    "use strict";
    init_globals();
    var { brandOf, handleOf, isUint8Array } = require_brands();
    var { checkSettings, CLASS } = require_check_settings();
    var { failure: failure2 } = require_errors();
    var { LoadedKeys } = require_loaded_keys();
    var native = (init_native(), __toCommonJS(native_exports));
    var KEY_RING = brandOf("KeyRing");
    var tokenVerifiers = /* @__PURE__ */ new WeakMap();
    var KeyRing2 = class _KeyRing {
      #native;
      static [CLASS] = "KeyRing";
      constructor(keys) {
        const loaded = LoadedKeys.handle(keys);
        this.#native = native.newRing(loaded ? { entries: [], allowWeak: false } : spec(keys));
        if (loaded) native.adoptRing(this.#native, loaded);
      }
      // Reads the pairs of `service` from the environment.
      static fromEnv(service, options = {}) {
        checkSettings("key_ring_from_env", options, "KeyRing.fromEnv()");
        const { env = process.env, allowWeak = false } = options;
        if (typeof service !== "string") throw failure2("CONFIG", "service: give the name of the service first");
        return new _KeyRing({ env, service, allowWeak });
      }
      replace(keys) {
        const loaded = LoadedKeys.handle(keys);
        if (loaded) native.adoptRing(this.#native, loaded);
        else native.replaceRing(this.#native, spec(keys));
      }
      status() {
        return native.ringStatus(this.#native);
      }
      // Returns the native handle, for other classes in this package.
      static handle(ring) {
        const handle = handleOf(ring, KEY_RING);
        if (handle === void 0) {
          throw failure2(
            "CONFIG",
            "keys: give a KeyRing, made with new KeyRing({...}) or KeyRing.fromEnv(service)"
          );
        }
        return handle;
      }
      [KEY_RING]() {
        return this.#native;
      }
      // Returns a key ring to which keys are added at run time.
      static growing(keys) {
        const ring = new _KeyRing(keys);
        native.setGrowingRing(ring.#native);
        return ring;
      }
      static tokenVerifier(ring) {
        const handle = _KeyRing.handle(ring);
        const known = tokenVerifiers.get(ring) ?? native.tokenVerifying(handle);
        tokenVerifiers.set(ring, known);
        return known;
      }
    };
    function spec(keys) {
      checkSettings("key_ring", keys, "new KeyRing()");
      const { clients = {}, pairs = {}, issuer, env, service, allowWeak = false } = keys;
      requireNoConflict(keys);
      if (env) {
        const variables = Object.entries(env).filter(([, value]) => typeof value === "string");
        return { variables, service, allowWeak };
      }
      const entries = Object.entries(clients).map(([id, keys2]) => ({ name: id, ...versions(id, keys2) }));
      for (const [names, keys2] of Object.entries(pairs))
        entries.push({ ...pair(names), ...versions(names, keys2) });
      if (issuer !== void 0) entries.push(versions("issuer", issuer));
      return { entries, allowWeak };
    }
    function requireNoConflict({ env, service, ...keys }) {
      if (env === void 0 !== (service === void 0)) {
        const [given, missing] = env === void 0 ? ["service", "env"] : ["env", "service"];
        throw failure2(
          "CONFIG",
          `${missing}: give ${missing} beside ${given}: the variables are found by the service's name`
        );
      }
      const other = ["clients", "pairs", "issuer"].find((name) => keys[name] !== void 0);
      if (env && other) throw failure2("CONFIG", `${other}: give ${other} or env, not both`);
    }
    function pair(names) {
      const [name, peer, ...more] = names.split("/");
      if (!name || !peer || more.length > 0) {
        const entry = native.shownName(names);
        throw failure2("KEYS", `key ring entry ${entry}: name both services of the pair, as in "agent/practices"`);
      }
      return { name, peer };
    }
    function versions(entry, keys) {
      if (isSecret(keys)) return { primary: 1, versions: [{ number: 1, secret: keys }] };
      checkVersions(entry, keys);
      const numbered = Array.isArray(keys?.versions) ? keys.versions : Object.entries(keys?.versions ?? {});
      if (typeof keys?.primary !== "number" || !numbered.every(([, secret]) => isSecret(secret))) {
        const shown = native.shownName(entry);
        throw failure2("KEYS", `key ring entry ${shown}: give a secret, or { primary, versions: { 1: secret } }`);
      }
      return {
        primary: keys.primary,
        versions: numbered.map(([number, secret]) => version(entry, number, secret))
      };
    }
    function checkVersions(entry, keys) {
      if (typeof keys !== "object" || keys === null) return;
      try {
        checkSettings("key_versions", keys, "its versions");
      } catch (error) {
        throw failure2("KEYS", `key ring entry ${native.shownName(entry)}: ${error.message}`);
      }
    }
    var MAX_VERSION = 4294967295;
    function version(entry, number, secret) {
      if (!/^(0|[1-9]\d{0,9})$/.test(String(number)) || Number(number) > MAX_VERSION) {
        const shown = JSON.stringify(native.shownName(String(number)));
        throw failure2("KEYS", `key ring entry ${native.shownName(entry)}: ${shown} is not a version number`);
      }
      return { number: Number(number), secret };
    }
    var isSecret = (value) => typeof value === "string" || isUint8Array(value);
    module.exports = { KeyRing: KeyRing2 };
  }
});

// bindings-node/lib/identity.js
var require_identity = __commonJS({
  "bindings-node/lib/identity.js"(exports, module) {
    "use strict";
    init_globals();
    var { inspect } = (init_node_modules(), __toCommonJS(node_modules_exports));
    var native = (init_native(), __toCommonJS(native_exports));
    var { ages, clientScheme } = native.catalog();
    var Identity2 = class {
      #verdict;
      #sender;
      #nonce;
      #fields = void 0;
      constructor(verdict, sender = "", nonce = "") {
        this.#verdict = verdict;
        this.#sender = sender;
        this.#nonce = nonce;
      }
      get sender() {
        return this.#field(1);
      }
      get nameAsSent() {
        return this.#field(7);
      }
      get scheme() {
        return this.#field(2);
      }
      get keyVersion() {
        return Number(this.#field(3));
      }
      get ageMs() {
        return Number(this.#field(4));
      }
      get userId() {
        return this.#field(5) || void 0;
      }
      get nonce() {
        return this.#field(6) || void 0;
      }
      // Returns the properties for logs.
      toJSON() {
        const { sender, nameAsSent, scheme, keyVersion, ageMs, userId, nonce } = this;
        return { sender, nameAsSent, scheme, keyVersion, ageMs, userId, nonce };
      }
      [inspect.custom](_depth, options) {
        return `Identity ${inspect(this.toJSON(), options)}`;
      }
      #field(at) {
        this.#fields ??= typeof this.#verdict === "number" ? this.#unpacked() : this.#verdict.split("\n");
        return this.#fields[at];
      }
      #unpacked() {
        const version = Math.floor(this.#verdict / ages);
        const ageMs = this.#verdict % ages - ages / 2;
        return ["", this.#sender, clientScheme, version, ageMs, "", this.#nonce, this.#sender];
      }
    };
    var ACCEPTED = "+".charCodeAt(0);
    var isAccepted = (verdict) => typeof verdict === "number" || verdict.charCodeAt(0) === ACCEPTED;
    module.exports = { Identity: Identity2, isAccepted };
  }
});

// bindings-node/lib/repeated-parts.js
var require_repeated_parts = __commonJS({
  "bindings-node/lib/repeated-parts.js"(exports, module) {
    "use strict";
    init_globals();
    var RepeatedParts = class {
      // Whether the native addon has the current parts. After a failed call this is unknown.
      #isHeld = false;
      #method;
      #authority;
      #scheme;
      #receiver;
      #userId;
      #nonce;
      // Returns the joined parts if they have changed, otherwise undefined. Call `held` after passing them to the
      // native addon.
      changed(method, authority, scheme, receiver, userId, nonce) {
        if (this.#isHeld && method === this.#method && authority === this.#authority && scheme === this.#scheme && receiver === this.#receiver && userId === this.#userId && nonce === this.#nonce) {
          return void 0;
        }
        const joined = `${method}
${authority}
${scheme}
${receiver}
${userId}
${nonce}`;
        this.#isHeld = false;
        this.#method = method;
        this.#authority = authority;
        this.#scheme = scheme;
        this.#receiver = receiver;
        this.#userId = userId;
        this.#nonce = nonce;
        return joined;
      }
      held() {
        this.#isHeld = true;
      }
    };
    module.exports = { RepeatedParts };
  }
});

// bindings-node/lib/signer.js
var require_signer = __commonJS({
  "bindings-node/lib/signer.js"(exports, module) {
    "use strict";
    init_globals();
    var { brandOf, handleOf } = require_brands();
    var { checkSettings } = require_check_settings();
    var { Rejection, RejectedError: RejectedError2 } = require_errors();
    var {
      asKeys,
      beyondLatin1,
      bodyBytes,
      EMPTY,
      flatHeaders,
      joinHead,
      partsOf,
      sentHeaders,
      splitUrl
    } = require_head();
    var { isAccepted } = require_identity();
    var { KeyRing: KeyRing2 } = require_key_ring();
    var { RepeatedParts } = require_repeated_parts();
    var native = (init_native(), __toCommonJS(native_exports));
    var { clientScheme, clientSigned, clientSignedLengths } = native.catalog();
    var [CLIENT_ID, TIMESTAMP, SIGNATURE, REQUEST_ID] = asKeys(clientSigned);
    var REQUEST_ID_AT = -clientSignedLengths[1];
    var SIGNATURE_AT = REQUEST_ID_AT - clientSignedLengths[0];
    var NO_HEADERS = [];
    var SIGNER = brandOf("Signer");
    var Signer2 = class {
      #native;
      #sign;
      #signClient;
      #repeated = new RepeatedParts();
      #method = void 0;
      constructor(options) {
        checkSettings("signer", options, "new Signer()");
        const { name, keys, schemes, receiver = "", coverFields, ignoreAuthority } = options;
        this.#native = native.newSigner({ name, schemes, coverFields, ignoreAuthority }, KeyRing2.handle(keys));
        if (receiver !== "") native.checkReceiver(this.#native, receiver);
        this.#sign = native.signing(this.#native);
        this.#signClient = native.clientSigning(this.#native);
        this.name = name;
        this.keys = keys;
        this.receiver = receiver;
        this.coversBody = !(schemes?.length === 1 && schemes[0] === clientScheme);
      }
      // Throws if the keys cannot sign for a receiver. Called when a client integration is created.
      checkReceiver(receiver) {
        native.checkReceiver(this.#native, receiver);
      }
      // Returns whether an object is a Signer of this or another copy of the package.
      static is(object) {
        return handleOf(object, SIGNER) !== void 0;
      }
      [SIGNER]() {
        return this.#native;
      }
      // Returns the headers to add to a request. `now` is for tests.
      sign({
        method,
        url,
        headers,
        body,
        authority = "",
        scheme = "https",
        receiver = this.receiver,
        userId = "",
        nonce = "",
        now
      }) {
        const bytes = bodyBytes(body);
        if (this.#takesNothingElse(userId, nonce, now)) return this.signClient(method, url);
        const target = textOf(url);
        const flat = headers === void 0 ? NO_HEADERS : flatHeaders(headers);
        const lines = linesOf(flat);
        const changed = this.#repeated.changed(method, authority, scheme, receiver, userId, nonce);
        const signed = this.#signed(target, changed, bytes, lines, flat.length, now);
        if (signed !== "") return sentHeaders(signed);
        const { target: parsed, authority: host, scheme: protocol } = splitUrl(target, authority, scheme);
        const lead = this.#repeated.changed(method, host, protocol, receiver, userId, nonce);
        return sentHeaders(this.#signed(parsed, lead, bytes, lines, flat.length, now) || beyondLatin1());
      }
      // Returns whether only the method and URL are signed.
      #takesNothingElse(userId, nonce, now) {
        return !this.coversBody && now === void 0 && userId === "" && nonce === "";
      }
      // Omits optional arguments, because checking for undefined in native code costs more.
      #signed(target, lead, bytes, lines, fields, now) {
        const signed = lines === void 0 && now === void 0 ? this.#signBare(target, lead, bytes) : this.#sign(target, lead, bytes, lines, fields, now);
        this.#repeated.held();
        return signed;
      }
      #signBare(target, lead, bytes) {
        if (bytes !== void 0) return this.#sign(target, lead, bytes);
        return lead === void 0 ? this.#sign(target) : this.#sign(target, lead);
      }
      // The fast path for only `client`. The object has a fixed shape and is filled without a loop, because
      // parsing would cost more than signing.
      signClient(method, url) {
        const target = textOf(url);
        const values = this.#clientValues(method, target) || this.#clientValues(method, splitUrl(target).target) || beyondLatin1();
        const headers = {};
        headers[CLIENT_ID] = this.name;
        headers[TIMESTAMP] = values.slice(0, SIGNATURE_AT);
        headers[SIGNATURE] = values.slice(SIGNATURE_AT, REQUEST_ID_AT);
        headers[REQUEST_ID] = values.slice(REQUEST_ID_AT);
        return headers;
      }
      // The native addon stores the last method, see repeated-parts.js.
      #clientValues(method, target) {
        if (method === this.#method) return this.#signClient(target);
        const changed = `${method}`;
        this.#method = void 0;
        const values = this.#signClient(target, changed);
        this.#method = method;
        return values;
      }
      // Verifies the response to a signed request. Returns `{ serverTime, keyVersion }` or throws a
      // RejectedError. Requires the headers of the request as sent, and the body as transferred.
      verifyResponse(request, { status, headers, body }) {
        const { method, url, authority, scheme, receiver = this.receiver } = request;
        const { target, authority: host, scheme: protocol } = splitUrl(url, authority, scheme);
        const sent = flatHeaders(request.headers);
        const head = joinHead(partsOf([method, target, host, protocol, receiver], sent));
        const received = flatHeaders(headers);
        const answer = joinHead(received);
        const bytes = bodyBytes(body) ?? EMPTY;
        const verdict = native.verifyResponse(
          this.#native,
          head,
          sent.length,
          status,
          answer,
          received.length,
          bytes
        );
        if (!isAccepted(verdict)) throw new RejectedError2(new Rejection(verdict));
        const [, seconds, version] = verdict.split("\n");
        return { serverTime: new Date(Number(seconds) * 1e3), keyVersion: Number(version) };
      }
    };
    var linesOf = (flat) => flat.length === 0 ? void 0 : flat.join("\n");
    var textOf = (url) => typeof url === "string" ? url : String(url);
    module.exports = { Signer: Signer2 };
  }
});

// bindings-node/lib/client.js
var require_client = __commonJS({
  "bindings-node/lib/client.js"(exports, module) {
    "use strict";
    init_globals();
    var { checkOpenSettings, checkSettings } = require_check_settings();
    var { failure: failure2, warnOnce: warnOnce2 } = require_errors();
    var { KeyRing: KeyRing2 } = require_key_ring();
    var native = (init_native(), __toCommonJS(native_exports));
    var { Signer: Signer2 } = require_signer();
    var { clientScheme } = native.catalog();
    var MAX_SIGNERS = 64;
    var signers = /* @__PURE__ */ new Map();
    function signRequest2(method, url, secret, clientId) {
      return signerOf(clientId, secret).signClient(method, url);
    }
    function signature2(method, path) {
      const { clientId, sharedSecret } = hmac();
      return signRequest2(method, path, sharedSecret, clientId);
    }
    var PLACE = Symbol.for("sealwire.configuration");
    function configuration2(options) {
      if (options === void 0) return globalThis[PLACE];
      checkConfiguration(options);
      const { hmac: hmac2 } = options?.server ?? {};
      if (hmac2?.enableHmac) {
        for (const name of ["clientId", "sharedSecret"]) {
          if (typeof hmac2[name] !== "string" || hmac2[name] === "") {
            throw failure2("CONFIG", `server.hmac.${name}: set it; is its environment variable set?`);
          }
        }
        signerOf(hmac2.clientId, hmac2.sharedSecret);
        warnIfGenerated(hmac2);
      }
      globalThis[PLACE] = options;
      return options;
    }
    function checkConfiguration(options) {
      checkOpenSettings("gateway", options, "configuration()");
      const { server, service } = options;
      if (service !== void 0) checkOpenSettings("gateway_service", service, "configuration(): service");
      if (server === void 0) return;
      checkOpenSettings("gateway_server", server, "configuration(): server");
      if (server.hmac !== void 0) checkSettings("gateway_hmac", server.hmac, "configuration(): server.hmac");
      if (server.ssl !== void 0) checkOpenSettings("gateway_ssl", server.ssl, "configuration(): server.ssl");
    }
    function hmac() {
      const { hmac: hmac2 } = configuration2()?.server ?? {};
      if (!hmac2?.clientId) {
        throw failure2(
          "CONFIG",
          "call configuration({ server: { hmac: { enableHmac, clientId, sharedSecret } } }) first"
        );
      }
      return hmac2;
    }
    var last = { clientId: void 0, secret: void 0, signer: void 0 };
    function signerOf(clientId, secret) {
      if (last.clientId !== clientId || last.secret !== secret) {
        last = { clientId, secret, signer: keptSigner(clientId, secret) };
      }
      return last.signer;
    }
    function keptSigner(clientId, secret) {
      const key = `${clientId}
${secret}`;
      let signer = signers.get(key);
      if (!signer) {
        signer = new Signer2({ name: clientId, keys: clientKeys(clientId, secret), schemes: [clientScheme] });
        if (signers.size >= MAX_SIGNERS) signers.delete(signers.keys().next().value);
        signers.set(key, signer);
      }
      return signer;
    }
    function clientKeys(clientId, secret) {
      try {
        return new KeyRing2({ clients: { [clientId]: secret } });
      } catch (strict) {
        const keys = new KeyRing2({ clients: { [clientId]: secret }, allowWeak: true });
        warnOnce2("WEAK_SECRET", strict.message);
        return keys;
      }
    }
    var RANDOM = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}|[A-Za-z0-9+/_-]{32,}={0,2})$/i;
    function warnIfGenerated({ clientId, sharedSecret, stable = false }) {
      const known = new Set(Object.values(process.env));
      const generated = [clientId, sharedSecret].some((value) => RANDOM.test(value) && !known.has(value));
      if (generated && !stable) {
        warnOnce2(
          "GENERATED_SECRET",
          "server.hmac.clientId or sharedSecret looks generated at start-up: it would differ after every start. Take both from the environment, or set server.hmac.stable if they are kept elsewhere"
        );
      }
    }
    module.exports = { signRequest: signRequest2, signature: signature2, configuration: configuration2, signerOf, hmac };
  }
});

// bindings-node/lib/clients/credentials.js
var require_credentials = __commonJS({
  "bindings-node/lib/clients/credentials.js"(exports, module) {
    "use strict";
    init_globals();
    var { signerOf } = require_client();
    var { failure: failure2 } = require_errors();
    var { checkSettings } = require_check_settings();
    var { Signer: Signer2 } = require_signer();
    function signerFrom(credentials) {
      if (Signer2.is(credentials)) return credentials;
      checkSettings("credentials", credentials ?? {}, "credentials");
      const { clientId, sharedSecret } = credentials ?? {};
      if (!clientId || !sharedSecret) {
        throw failure2("CONFIG", "credentials: give a Signer, or { clientId, sharedSecret }");
      }
      return signerOf(clientId, sharedSecret);
    }
    module.exports = { signerFrom };
  }
});

// bindings-node/lib/clients/outgoing.js
var require_outgoing = __commonJS({
  "bindings-node/lib/clients/outgoing.js"(exports, module) {
    "use strict";
    init_globals();
    var { failure: failure2 } = require_errors();
    var native = (init_native(), __toCommonJS(native_exports));
    var { checkSettings } = require_check_settings();
    var { parseUrl } = require_parse_url();
    var { signerFrom } = require_credentials();
    var { originsFrom, requireHost, requireOrigin } = require_origins();
    var { messageHeaders } = native.catalog();
    var HOST = "host";
    var Outgoing = class {
      #signer;
      #parties;
      // The allowed origins; undefined if not set.
      origins;
      // `owner` is the called function, and `group` the name of its settings group.
      constructor(owner, credentials, options, group = "client") {
        checkSettings(group, options, owner);
        this.#signer = signerFrom(credentials);
        const { origins, receiver, userId } = options;
        this.origins = originsFrom(origins);
        this.#signer.checkReceiver(receiver ?? this.#signer.receiver);
        this.#parties = { receiver, userId };
      }
      // Whether signatures cover the body.
      get coversBody() {
        return this.#signer.coversBody;
      }
      get signer() {
        return this.#signer;
      }
      get receiver() {
        return this.#parties.receiver;
      }
      // The signature headers of a request to `url`, a URL as it was parsed. `target` replaces its path and query, for clients that
      // send them unparsed. `headers` is a flat list, `allowed` lists origins, and `from` is the URL that redirected here.
      headersFor({ method, url, target = url.pathname + url.search, headers, body, allowed, from }) {
        requireOrigin(allowed, url, from);
        for (const host of valuesOf(headers, HOST)) requireHost(url, host);
        return this.#signer.sign({
          method,
          url: target,
          authority: url.host,
          scheme: url.protocol.slice(0, -1),
          // Headers are covered only by signatures that cover the body. Headers of an earlier attempt are
          // replaced.
          headers: this.coversBody ? without(headers, [HOST, ...messageHeaders]) : void 0,
          body: this.coversBody ? body : void 0,
          ...this.#parties
        });
      }
    };
    function* valuesOf(flat, wanted) {
      for (let at = 0; at < flat.length; at += 2) if (isNamed(flat[at], wanted)) yield flat[at + 1];
    }
    function without(flat, names) {
      const left = [];
      for (let at = 0; at < flat.length; at += 2) {
        if (!names.some((name) => isNamed(flat[at], name))) left.push(flat[at], flat[at + 1]);
      }
      return left;
    }
    function withSigned(flat, signed) {
      return [...without(flat, Object.keys(signed)), ...Object.entries(signed).flat()];
    }
    function flatHeaders(entries) {
      return entries.flatMap(
        ([name, value]) => value === void 0 || value === null || value === false ? [] : [value].flat().flatMap((each) => [name, String(each)])
      );
    }
    var isNamed = (name, wanted) => String(name).toLowerCase() === wanted.toLowerCase();
    var WEB = /^\s*https?:/i;
    function urlOf(text, client) {
      const url = parseUrl(text);
      const refusal = native.urlRefusal(String(text));
      if (url !== void 0 && refusal === null) return url;
      const reason = WEB.test(text) && refusal ? refusal : "it is not an absolute URL; give one, such as https://iam.internal/path";
      throw failure2("SIGN", `${client}: ${JSON.stringify(shown(url, text))}: ${reason}`);
    }
    var shown = (url, text) => url?.password ? url.origin : String(text);
    module.exports = { flatHeaders, Outgoing, urlOf, withSigned };
  }
});

// bindings-node/lib/clients/redirects.js
var require_redirects = __commonJS({
  "bindings-node/lib/clients/redirects.js"(exports, module) {
    "use strict";
    init_globals();
    var { failure: failure2 } = require_errors();
    var { parseUrl } = require_parse_url();
    var STATUSES = /* @__PURE__ */ new Set([301, 302, 303, 307, 308]);
    var MAX_REDIRECTS = 20;
    var CONTENT_HEADERS = [
      "content-encoding",
      "content-language",
      "content-length",
      "content-location",
      "content-type"
    ];
    var isRedirect = (status) => STATUSES.has(status);
    function redirected({ method, url }, status, location) {
      const target = parseUrl(location, url);
      if (target === void 0) {
        throw failure2("SIGN", `a redirect from ${url.origin} has a Location that is not a URL`);
      }
      if (target.hash === "") target.hash = url.hash;
      const becomesGet = status === 303 && method !== "GET" && method !== "HEAD" || (status === 301 || status === 302) && method === "POST";
      return { method: becomesGet ? "GET" : method, url: target, keepsBody: !becomesGet };
    }
    module.exports = { CONTENT_HEADERS, isRedirect, MAX_REDIRECTS, redirected };
  }
});

// bindings-node/lib/clients/fetch.js
var require_fetch = __commonJS({
  "bindings-node/lib/clients/fetch.js"(exports, module) {
    "use strict";
    init_globals();
    var { failure: failure2 } = require_errors();
    var { parseUrl } = require_parse_url();
    var { fetchedTarget, withoutEmptyQuery } = require_fetched_target();
    var { originFrom } = require_origins();
    var { Outgoing } = require_outgoing();
    var { CONTENT_HEADERS, isRedirect, MAX_REDIRECTS, redirected } = require_redirects();
    function signedFetch2(credentials, options = {}) {
      const client = new Outgoing("signedFetch", credentials, options, "signed_fetch");
      const { fetch: send = defaultFetch, verifyResponses = false, base } = options;
      const baseUrl = base === void 0 ? void 0 : baseOf(base);
      const origins = client.origins ?? (baseUrl && [originFrom(baseUrl.origin)]);
      return async (input, init) => {
        const first = await firstAttempt(client, resolved(input, baseUrl), init);
        const exchange = { client, send, verifyResponses, allowed: origins ?? [first.url.origin] };
        return follow(exchange, first);
      };
    }
    function baseOf(base) {
      const url = parseUrl(base);
      if (url !== void 0) return url;
      throw failure2("CONFIG", "signedFetch: base: give an absolute URL, such as https://iam.internal/api/");
    }
    var defaultFetch = (request, extras) => extras ? fetch(request, extras) : fetch(request);
    var resolved = (input, base) => typeof input === "string" && base ? new URL(input, base) : input;
    var CARRIED = /* @__PURE__ */ new Set([
      "body",
      "cache",
      "credentials",
      "duplex",
      "headers",
      "integrity",
      "keepalive",
      "method",
      "mode",
      "priority",
      "redirect",
      "referrer",
      "referrerPolicy",
      "signal",
      "window"
    ]);
    async function firstAttempt(client, input, init = {}) {
      const method = (init.method ?? input.method ?? "GET").toUpperCase();
      const request = new Request(input, { ...init, method });
      const streams = !client.coversBody && isStream(init.body);
      const body = streams ? init.body : request.body && new Uint8Array(await request.arrayBuffer());
      const extras = Object.entries(init).filter(([name]) => !CARRIED.has(name));
      return {
        method,
        url: new URL(request.url),
        input,
        init: { ...init, ...input instanceof Request ? carriedBy(request) : {} },
        extras: extras.length > 0 ? Object.fromEntries(extras) : void 0,
        headers: request.headers,
        body: body ?? void 0,
        streams,
        redirect: request.redirect,
        hops: 0
      };
    }
    var isStream = (body) => typeof body?.getReader === "function" || typeof body?.[Symbol.asyncIterator] === "function";
    function carriedBy({ cache, credentials, integrity, keepalive, referrer, referrerPolicy, signal }) {
      return { cache, credentials, integrity, keepalive, referrer, referrerPolicy, signal };
    }
    async function follow(exchange, attempt) {
      const { client, send, verifyResponses } = exchange;
      const request = signed(exchange, attempt);
      const response = await send(request, attempt.extras);
      const location = response.headers.get("location");
      if (attempt.redirect === "manual" || !isRedirect(response.status) || location === null) {
        return finished(verifyResponses ? await verified(client, request, response) : response, attempt);
      }
      await response.body?.cancel();
      return follow(exchange, nextAttempt(attempt, response.status, location));
    }
    function signed({ client, verifyResponses, allowed }, attempt) {
      const { method, input, init, headers, body, streams, from } = attempt;
      const copied = input instanceof Request && from === void 0;
      const url = copied ? attempt.url : withoutEmptyQuery(attempt.url);
      if (verifyResponses) headers.set("accept-encoding", "identity");
      const flat = [...headers].flat();
      const bytes = streams ? void 0 : body;
      const signature2 = client.headersFor({
        method,
        url,
        target: fetchedTarget(url),
        headers: flat,
        body: bytes,
        allowed,
        from
      });
      for (const [name, value] of Object.entries(signature2)) headers.set(name, value);
      const parts = { ...init, method, headers, body, redirect: "manual", ...streams && { duplex: "half" } };
      return copied ? new Request(withoutBody(input), parts) : new Request(url, parts);
    }
    var withoutBody = (request) => request.bodyUsed ? new Request(request.url, carriedBy(request)) : request;
    function nextAttempt(attempt, status, location) {
      if (attempt.redirect === "error") throw new TypeError(`fetch failed: a redirect with status ${status}`);
      if (attempt.hops >= MAX_REDIRECTS) {
        throw new TypeError(`fetch failed: more than ${MAX_REDIRECTS} redirects`);
      }
      const { method, url, keepsBody } = redirected(attempt, status, location);
      if (keepsBody && attempt.streams) {
        throw failure2(
          "SIGN",
          `not followed: a redirect to ${url.origin} needs the body again, and a stream is gone`
        );
      }
      const headers = new Headers(attempt.headers);
      if (!keepsBody) for (const name of CONTENT_HEADERS) headers.delete(name);
      const body = keepsBody ? attempt.body : void 0;
      return { ...attempt, method, url, headers, body, from: attempt.url, hops: attempt.hops + 1 };
    }
    async function verified({ signer, receiver }, { method, url, headers: sent }, response) {
      const { status, statusText, headers } = response;
      const body = new Uint8Array(await response.arrayBuffer());
      const sealwire = signer.verifyResponse({ method, url, headers: sent, receiver }, { status, headers, body });
      const bodiless = body.length === 0;
      return Object.assign(new Response(bodiless ? null : body, { status, statusText, headers }), { sealwire });
    }
    function finished(response, { url, hops }) {
      if (response.url === "") Object.defineProperty(response, "url", { value: new URL("", url).href });
      return hops === 0 ? response : Object.defineProperty(response, "redirected", { value: true });
    }
    module.exports = { signedFetch: signedFetch2 };
  }
});

// bindings-node/lib/clients/service.js
var require_service = __commonJS({
  "bindings-node/lib/clients/service.js"(exports, module) {
    "use strict";
    init_globals();
    var { configuration: configuration2, hmac } = require_client();
    var { failure: failure2 } = require_errors();
    var { signedFetch: signedFetch2 } = require_fetch();
    async function serviceToService2(path, init) {
      const origin = serviceOrigin();
      const url = new URL(path, origin);
      if (url.origin !== origin)
        throw failure2("CONFIG", `the path must stay on ${origin}, not lead to ${url.origin}`);
      if (!configuration2().server.hmac?.enableHmac) return fetch(url, init);
      const { clientId, sharedSecret } = hmac();
      return signedFetch2({ clientId, sharedSecret }, { origins: [origin] })(url, init);
    }
    function serviceOrigin() {
      const { auth_location: location, ssl } = configuration2()?.server ?? {};
      if (!location?.serverOrDNS) {
        throw failure2(
          "CONFIG",
          "call configuration({ server: { auth_location: { serverOrDNS, port }, hmac } }) first"
        );
      }
      const port = location.port ? `:${location.port}` : "";
      return new URL(`${ssl?.enableSSL ? "https" : "http"}://${location.serverOrDNS}${port}`).origin;
    }
    module.exports = { serviceToService: serviceToService2 };
  }
});

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
    var { failure: failure2, warnOnce: warnOnce2 } = require_errors();
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
        warnOnce2(
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
      throw failure2(
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

// bindings-node/lib/key-lookup.js
var require_key_lookup = __commonJS({
  "bindings-node/lib/key-lookup.js"(exports, module) {
    "use strict";
    init_globals();
    var { failure: failure2, warnOnce: warnOnce2 } = require_errors();
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
          throw failure2(
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
          warnOnce2("KEY_LOOKUP", `lookUpKeys failed, so the sender stays unknown: ${error?.message ?? error}`);
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
    var { failure: failure2, warnOnce: warnOnce2 } = require_errors();
    var { KeyLookup } = require_key_lookup();
    var JSON_TYPE = "application/json; charset=utf-8";
    var Hooks = class {
      #onReject;
      #lookup;
      constructor(config) {
        for (const name of ["skip", "onReject", "lookUpKeys"]) {
          if (config[name] !== void 0 && typeof config[name] !== "function") {
            throw failure2("CONFIG", `${name}: give a function`);
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
          warnOnce2("ON_REJECT", `onReject failed, so the usual response was sent: ${error?.message ?? error}`);
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

// bindings-node/lib/responses.js
var require_responses = __commonJS({
  "bindings-node/lib/responses.js"(exports, module) {
    "use strict";
    init_globals();
    var { Blocks } = require_blocks();
    var { warnOnce: warnOnce2 } = require_errors();
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
      warnOnce2(
        "UNSIGNED_RESPONSE",
        `the response to ${req.method} ${path} cannot be signed: it is ${why}. List such paths in unsignedResponsePaths. Further ones are not reported.`
      );
    }
    module.exports = { isEventStream, responseSettings, signWhenComplete, untransformed, warnUnsigned };
  }
});

// bindings-node/lib/client-headers.js
var require_client_headers = __commonJS({
  "bindings-node/lib/client-headers.js"(exports, module) {
    "use strict";
    init_globals();
    var { asKeys } = require_head();
    var native = (init_native(), __toCommonJS(native_exports));
    var { clientSigned, maxHeaderParts } = native.catalog();
    var letterOf = (name) => name.charCodeAt(2) & 31;
    var LETTERS = 32;
    var NAMES = [];
    for (const [place, name] of asKeys(clientSigned).entries()) {
      NAMES[name.length] ??= new Array(LETTERS).fill(void 0);
      NAMES[name.length][letterOf(name)] = { name, lower: name.toLowerCase(), place };
    }
    var NONE = [];
    function clientValues(flat) {
      if (flat.length > maxHeaderParts) return NONE;
      const values = [void 0, void 0, void 0, void 0];
      for (let at = 0; at < flat.length; at += 2) {
        const place = placeOf(flat[at]);
        if (place === void 0) continue;
        if (values[place] !== void 0 || typeof flat[at + 1] !== "string") return NONE;
        values[place] = flat[at + 1];
      }
      return values;
    }
    function placeOf(name) {
      const known = NAMES[name.length]?.[letterOf(name)];
      if (known === void 0) return void 0;
      const same = name === known.name || name === known.lower || name.toLowerCase() === known.lower;
      return same ? known.place : void 0;
    }
    module.exports = { clientValues };
  }
});

// bindings-node/lib/modes.js
var require_modes = __commonJS({
  "bindings-node/lib/modes.js"(exports, module) {
    "use strict";
    init_globals();
    var { brandOf, handleOf } = require_brands();
    var { checkSettings, CLASS } = require_check_settings();
    var { failure: failure2 } = require_errors();
    var native = (init_native(), __toCommonJS(native_exports));
    var MODES = brandOf("Modes");
    var Modes2 = class _Modes {
      #native;
      #logger;
      static [CLASS] = "Modes";
      constructor(modes = {}, options = {}) {
        checkSettings("modes_log", options, "new Modes()");
        const { logger = console } = options;
        if (typeof logger.warn !== "function")
          throw failure2("CONFIG", "logger: give a logger with the method warn");
        this.#native = native.newModes(spec(modes));
        this.#logger = logger;
      }
      get mode() {
        return native.modesNow(this.#native).mode;
      }
      get senders() {
        return Object.fromEntries(native.modesNow(this.#native).senders);
      }
      // The number of replacements that changed the modes.
      get changes() {
        return native.modeChanges(this.#native);
      }
      // Replaces the modes atomically and logs the change as a warning, because it enables or disables
      // enforcement.
      replace(modes) {
        const before = native.replaceModes(this.#native, spec(modes));
        if (before) this.#logger.warn(...changed(before, native.modesNow(this.#native)));
      }
      // Returns the native handle, for other classes in this package.
      static handle(modes) {
        if (modes === void 0) return void 0;
        const handle = handleOf(modes, MODES);
        if (handle === void 0) {
          throw failure2("CONFIG", "modes: give a Modes, made with new Modes({ mode: 'observe' })");
        }
        return handle;
      }
      // Returns whether an object is a Modes of this or another copy of the package.
      static is(object) {
        return handleOf(object, MODES) !== void 0;
      }
      [MODES]() {
        return this.#native;
      }
      static of(verifier) {
        const modes = new _Modes();
        modes.#native = native.modesOf(verifier);
        return modes;
      }
    };
    function spec(modes) {
      checkSettings("modes", modes, "new Modes()");
      const { mode, senders = {}, observeOnly = false } = modes;
      return { mode: mode ?? void 0, senders: Object.entries(senders), observeOnly };
    }
    function changed(before, after) {
      const [own, ownBefore] = [after, before].map(({ senders }) => Object.fromEntries(senders));
      const lines = [.../* @__PURE__ */ new Set([...Object.keys(ownBefore), ...Object.keys(own)])].filter((sender) => ownBefore[sender] !== own[sender]).map(
        (sender) => `${sender} ${ownBefore[sender] ?? "as the service"} -> ${own[sender] ?? "as the service"}`
      );
      if (before.mode !== after.mode) lines.unshift(`the service ${before.mode} -> ${after.mode}`);
      const fields = { mode: after.mode, modeBefore: before.mode, senders: own, sendersBefore: ownBefore };
      return [{ event: "modes_changed", ...fields }, `sealwire: modes changed: ${lines.join(", ")}`];
    }
    module.exports = { Modes: Modes2 };
  }
});

// bindings-node/lib/received-url.js
var require_received_url = __commonJS({
  "bindings-node/lib/received-url.js"(exports, module) {
    "use strict";
    init_globals();
    var { flatHeaders, splitUrl } = require_head();
    var { parseUrl } = require_parse_url();
    var ABSOLUTE = /^\s*https?:/i;
    function receivedUrl(url, headers, authority = "", scheme) {
      const text = typeof url === "string" ? url : url.href;
      const split = ABSOLUTE.test(text) ? splitOrUndefined(text) : void 0;
      const isHost = split !== void 0 && namesHost(url, split, authority || hostIn(headers));
      if (isHost) return { ...split, scheme: scheme ?? split.scheme, routed: routedBy(text, split.target) };
      const isTaken = split !== void 0 && url !== text;
      return { target: isTaken ? split.target : text, authority, scheme, routed: "" };
    }
    var namesHost = (url, { authority, scheme }, host) => host === "" || typeof url === "string" && parseUrl(`${scheme}://${host}/`)?.host === authority;
    function routedBy(text, target) {
      const [, given] = PATH.exec(text);
      if (given === "" || given === target.split("?", 1)[0]) return "";
      return given.replace(WIDE, (wide) => encodeURIComponent(wide.toWellFormed()));
    }
    var PATH = /^\s*[a-z]+:[/\\]*[^/\\?#]*([^?#]*)/i;
    var WIDE = /[^\0-\xff]+/g;
    function hostIn(headers) {
      const flat = flatHeaders(headers);
      const at = flat.findIndex((name, at2) => at2 % 2 === 0 && /^host$/i.test(name));
      return at === -1 ? "" : flat[at + 1];
    }
    function splitOrUndefined(text) {
      try {
        return splitUrl(text);
      } catch {
        return void 0;
      }
    }
    module.exports = { receivedUrl };
  }
});

// bindings-node/lib/replay-table.js
var require_replay_table = __commonJS({
  "bindings-node/lib/replay-table.js"(exports, module) {
    "use strict";
    init_globals();
    var cluster = (init_node_modules(), __toCommonJS(node_modules_exports));
    var { isMainThread } = (init_node_modules(), __toCommonJS(node_modules_exports));
    var { brandOf, handleOf } = require_brands();
    var { checkSettings, CLASS } = require_check_settings();
    var { failure: failure2, warnOnce: warnOnce2 } = require_errors();
    var { isWide } = require_head();
    var native = (init_native(), __toCommonJS(native_exports));
    var TABLE = brandOf("ReplayTable");
    var ReplayTable3 = class _ReplayTable {
      #native;
      #claim;
      static [CLASS] = "ReplayTable";
      constructor(handle) {
        this.#native = handle;
        this.#claim = native.claiming(handle);
      }
      // Creates a table in this process. Worker threads with the same `sharedAs` share one table, which exists
      // until the process exits.
      static heap(options = {}) {
        checkSettings("replay_table", options, "ReplayTable.heap()");
        const { acceptOlder = false, sharedAs, ...size } = options;
        if (sharedAs === void 0) warnWhereOthersServe();
        return new _ReplayTable(native.heapTable(slots(size), acceptOlder, sharedAs));
      }
      // Creates a table in addition to a shared store. The store contains the claims of other processes and from
      // before this process started, so this table accepts older requests and does not warn.
      static near(size = {}) {
        checkSettings("replay_file", size, "ReplayTable.near()");
        return new _ReplayTable(native.heapTable(slots(size), true));
      }
      // Opens a table in a file that all processes on this host share and that survives restarts.
      static mapped(path, options = {}) {
        checkSettings("replay_file", options, "ReplayTable.mapped()");
        if (typeof path !== "string" || path === "")
          throw failure2("CONFIG", "path: give the path of the replay file first");
        const { acceptOlder = false, ...size } = options;
        return new _ReplayTable(native.mappedTable(path, slots(size), acceptOlder));
      }
      // Opens the default file, which all processes of this user and service share. Returns undefined if the
      // system does not support mapped files.
      static ofService(service, ring, windowSeconds) {
        const handle = native.defaultTable(service, ring, windowSeconds);
        return handle ? new _ReplayTable(handle) : void 0;
      }
      // Returns the default path of a service's file.
      static path(service) {
        if (typeof service !== "string") throw failure2("CONFIG", "service: give the name of the service first");
        return native.mappedTablePath(service);
      }
      // Claims a key of a shared store. Returns true for a new key, false for a claimed key, and undefined if the
      // table cannot decide.
      claim(key, expiresAtMs) {
        return this.#claim(bytesOf(key), Math.ceil(expiresAtMs / 1e3)) ?? void 0;
      }
      // Returns whether a key is claimed, without claiming it.
      seen(key) {
        return native.tableSeen(this.#native, bytesOf(key));
      }
      fill() {
        return native.tableFill(this.#native);
      }
      // Returns the native handle, for other classes in this package.
      static handle(table) {
        return handleOf(table, TABLE);
      }
      [TABLE]() {
        return this.#native;
      }
    };
    var bytesOf = (key) => isWide(key) ? Buffer.from(key).toString("latin1") : key;
    function slots({ slots: slots2, requestsPerSecond, windowSeconds }) {
      if (slots2 !== void 0 && requestsPerSecond !== void 0) {
        throw failure2("CONFIG", "slots: give slots or requestsPerSecond, not both");
      }
      const wanted = slots2 ?? native.slotsNeeded(requestsPerSecond, windowSeconds);
      if (!Number.isSafeInteger(wanted) || wanted < 1 || wanted > 4294967295) {
        throw failure2("REPLAY", "replay: give slots, or requestsPerSecond and windowSeconds, as whole numbers");
      }
      return wanted;
    }
    function warnWhereOthersServe() {
      if (cluster.isWorker) {
        warnOnce2(
          "HEAP_IN_CLUSTER",
          "each cluster worker has its own heap replay table, so a request can be accepted once in each; leave out replay: 'heap' for a file that all workers share, or use a Redis store"
        );
      } else if (!isMainThread) {
        warnOnce2(
          "HEAP_IN_THREAD",
          "each worker thread has its own heap replay table, so a request can be accepted once in each; share one with ReplayTable.heap({ sharedAs: 'name' })"
        );
      }
    }
    module.exports = { ReplayTable: ReplayTable3 };
  }
});

// bindings-node/edge/lib/replay-choice.mjs
var replay_choice_exports = {};
__export(replay_choice_exports, {
  replayChoice: () => replayChoice
});
function replayChoice(replay, _keys, options) {
  if (replay === "isolate") return { table: isolateTable(options) };
  if (import_replay_table.ReplayTable.handle(replay)) {
    warnAboutIsolates();
    return { table: replay };
  }
  if (typeof replay?.claim === "function") return { shared: replay };
  if (replay === void 0 && claimsNothing(options)) return { table: import_replay_table.ReplayTable.near({ slots: 8 }) };
  throw (0, import_errors.failure)(
    "CONFIG",
    "replay: give a store with claim(key, expiresAtMs) that all isolates share, such as a Durable Object or Redis over HTTP; or 'isolate', if each isolate may accept a request once"
  );
}
function isolateTable({ pastMs, futureMs }) {
  warnAboutIsolates();
  const both = Math.ceil((pastMs + futureMs) / 1e3);
  return import_replay_table.ReplayTable.near(both > 0 && both < 1e6 ? { windowSeconds: both } : {});
}
function warnAboutIsolates() {
  (0, import_errors.warnOnce)(
    "REPLAY_ISOLATE",
    "nonces are claimed in this isolate alone, so every other isolate, and this one after a restart, accepts a request again; give a store that all isolates share"
  );
}
var import_errors, import_replay_table, pairwiseScheme, claimsNothing;
var init_replay_choice = __esm({
  "bindings-node/edge/lib/replay-choice.mjs"() {
    init_globals();
    import_errors = __toESM(require_errors(), 1);
    import_replay_table = __toESM(require_replay_table(), 1);
    init_native();
    ({ pairwiseScheme } = catalog());
    claimsNothing = ({ schemes = [], claimPairwise }) => !claimPairwise && schemes.length === 1 && schemes[0] === pairwiseScheme;
  }
});

// bindings-node/lib/settings.js
var require_settings = __commonJS({
  "bindings-node/lib/settings.js"(exports, module) {
    "use strict";
    init_globals();
    var { checkSettings } = require_check_settings();
    var OWN = ["keys", "replay", "modes"];
    function settings(options) {
      checkSettings("verifier", options, "new Verifier()");
      const given = Object.entries(options).filter(([name, value]) => value !== void 0 && !OWN.includes(name));
      const { senders = {}, authorities = [], ...rest } = Object.fromEntries(given);
      const hosts = typeof authorities === "string" ? [authorities] : [...authorities];
      return {
        ...rest,
        authorities: hosts,
        senders: Object.entries(senders).map(([name, rules]) => ({ name, ...rules }))
      };
    }
    module.exports = { settings };
  }
});

// bindings-node/lib/verifier.js
var require_verifier = __commonJS({
  "bindings-node/lib/verifier.js"(exports, module) {
    "use strict";
    init_globals();
    var { failure: failure2, Rejection, RejectedError: RejectedError2, warn } = require_errors();
    var { clientValues } = require_client_headers();
    var { bodyBytes, EMPTY, flatHeaders, joinHead, partsOf, sentHeaders } = require_head();
    var { Identity: Identity2, isAccepted } = require_identity();
    var { KeyRing: KeyRing2 } = require_key_ring();
    var { Modes: Modes2 } = require_modes();
    var native = (init_native(), __toCommonJS(native_exports));
    var { receivedUrl } = require_received_url();
    var { replayChoice: replayChoice2 } = (init_replay_choice(), __toCommonJS(replay_choice_exports));
    var { ReplayTable: ReplayTable3 } = require_replay_table();
    var { settings } = require_settings();
    var { challengedStatus, clientScheme } = native.catalog();
    var Verifier2 = class {
      #native;
      #verify;
      #verifyClient;
      #replay;
      #shared;
      constructor(options) {
        const policy = settings(options);
        const { keys, replay, modes, scheme } = options;
        const { table, shared } = replayChoice2(replay, keys, options);
        this.#replay = table;
        this.#shared = shared;
        const handles = [KeyRing2.handle(keys), ReplayTable3.handle(table), Modes2.handle(modes)];
        this.#native = native.newVerifier(policy, ...handles);
        for (const warning of native.verifierWarnings(this.#native)) warn(warning);
        this.#verify = native.verifying(this.#native);
        this.#verifyClient = native.clientVerifying(this.#native);
        this.keys = keys;
        this.modes = modes ?? Modes2.of(this.#native);
        this.scheme = scheme;
        const { schemes, service = "", exemptPaths = [] } = policy;
        this.service = service;
        this.hasExemptions = exemptPaths.length > 0;
        const hasRules = policy.senders.some(
          ({ methods = [], pathPrefixes = [] }) => methods.length + pathPrefixes.length > 0
        );
        this.clientOnly = schemes?.length === 1 && schemes[0] === clientScheme && !shared && !hasRules;
      }
      get replay() {
        return this.#replay ?? this.#shared;
      }
      // Returns an `Identity` or throws a `RejectedError`. `now` is for tests.
      verify(request) {
        const { method, url, headers, body, now } = request;
        if (this.#shared) {
          throw failure2("CONFIG", "this verifier claims nonces in a shared store; await verifyAsync instead");
        }
        if (this.clientOnly && body === void 0 && now === void 0 && isTarget(url)) {
          const identity = this.#verifyHeaders(method, url, clientValues(flatHeaders(headers)));
          if (identity !== void 0) return identity;
        }
        const parts = wholeRequest(request, this.scheme);
        const [head, fields] = [joinHead(parts), parts.length - LEAD];
        if (body === void 0 && now === void 0) return orThrow(this.#verify(head, fields));
        return orThrow(this.#verify(head, fields, bodyBytes(body), now));
      }
      // Verifies with only the `client` headers. Returns undefined if the complete list is required.
      #verifyHeaders(method, target, values) {
        const id = values[0];
        const timestamp = values[1];
        const signature2 = values[2];
        const requestId = values[3];
        const verdict = this.verdictOfClient(method, target, id, timestamp, requestId, signature2);
        return verdict === void 0 ? void 0 : orThrow(verdict, id, requestId);
      }
      async verifyAsync(request) {
        if (!this.#shared) return this.verify(request);
        const { now } = request;
        const parts = wholeRequest(request, this.scheme);
        const waiting = native.begin(this.#native, joinHead(parts), parts.length - LEAD, now);
        if (typeof waiting === "string") return orThrow(waiting);
        const refused = native.update(this.#native, waiting, bodyBytes(request.body) ?? EMPTY);
        return orThrow(refused ?? await this.#claim(waiting, now));
      }
      // Returns the headers that sign a response. The second argument is the Identity or the rejection of the
      // request.
      signResponse(request, { sender, scheme }, { status, body, now }) {
        const flat = flatHeaders(request.headers);
        const [method, target, authority, protocol] = leadOf(request, this.scheme);
        const lead = [method, target, authority, protocol, sender, scheme];
        const head = joinHead(partsOf(lead, flat));
        const bytes2 = bodyBytes(body) ?? EMPTY;
        return sentHeaders(native.signResponse(this.#native, head, flat.length, status, bytes2, now));
      }
      // Returns the counters: `{ outcome, name, count }` each.
      stats() {
        return native.stats(this.#native);
      }
      // The other methods are for the adapters in this package; see gate.js.
      isExempt(head, fields) {
        return native.isExempt(this.#native, head, fields);
      }
      // Returns the headers required in the response to this rejection (RFC 9110 section 11.6.1).
      challenge({ status }) {
        return status === challengedStatus ? { "WWW-Authenticate": `Sealwire realm="${this.service}"` } : {};
      }
      // Verifies with only the `client` headers. Returns undefined if a header is missing, could be repeated, or
      // is too long.
      verdictOfClient(method, url, id, timestamp, requestId, signature2) {
        if (id === void 0 || timestamp === void 0 || requestId === void 0 || signature2 === void 0) {
          return void 0;
        }
        const lengths = bytes(method.length, id.length, timestamp.length, requestId.length, signature2.length);
        if (lengths === void 0) return void 0;
        const head = method + id + timestamp + requestId + signature2 + url;
        return this.#verifyClient(head, lengths) ?? void 0;
      }
      verdictOfHead(head, fields) {
        return this.#verify(head, fields);
      }
      // Verifies the head. Returns a string for a rejection.
      begin(head, fields) {
        return native.begin(this.#native, head, fields);
      }
      readsBody(waiting) {
        return native.readsBody(waiting);
      }
      // Adds a part of the body. Returns a string for a rejection.
      update(waiting, chunk) {
        return native.update(this.#native, waiting, chunk) ?? void 0;
      }
      // Returns the verdict on a request whose body did not arrive in time.
      expire(waiting) {
        return native.expire(this.#native, waiting);
      }
      // Frees a verification that nobody finished, where the runtime does not (edge/lib/native.mjs).
      release(waiting) {
        native.release?.(waiting);
      }
      finish(waiting) {
        return this.#shared ? this.#claim(waiting) : native.finish(this.#native, waiting);
      }
      async #claim(waiting, now) {
        const proven = native.prove(this.#native, waiting);
        if (typeof proven === "string") return proven;
        const claim = native.sharedClaim(proven);
        const first = claim ? await this.#ask(claim) : true;
        return native.settle(this.#native, proven, first, now);
      }
      // Returns undefined if the store cannot decide; core then rejects the request.
      async #ask({ key, expiresS }) {
        try {
          const first = await this.#shared.claim(key, expiresS * 1e3);
          return typeof first === "boolean" ? first : void 0;
        } catch (error) {
          this.#shared.onError?.(error);
          return void 0;
        }
      }
    };
    var BYTE = 255;
    function bytes(a, b, c, d, e) {
      return (a | b | c | d | e) > BYTE ? void 0 : a + 256 * (b + 256 * (c + 256 * (d + 256 * e)));
    }
    var SLASH = "/".charCodeAt(0);
    var isTarget = (url) => typeof url === "string" && url.charCodeAt(0) === SLASH;
    var LEAD = 5;
    var wholeRequest = (request, ownScheme) => partsOf(leadOf(request, ownScheme), request.headers);
    function leadOf({ method, url, headers, authority = "", scheme }, ownScheme) {
      const given = scheme ?? ownScheme;
      if (isTarget(url)) return [method, url, authority, given ?? "https", ""];
      const read = receivedUrl(url, headers, authority, given);
      return [method, read.target, read.authority, read.scheme ?? "https", read.routed];
    }
    function orThrow(verdict, sender, nonce) {
      if (isAccepted(verdict)) return new Identity2(verdict, sender, nonce);
      throw new RejectedError2(new Rejection(verdict));
    }
    module.exports = { Verifier: Verifier2 };
  }
});

// bindings-node/lib/server-settings.js
var require_server_settings = __commonJS({
  "bindings-node/lib/server-settings.js"(exports, module) {
    "use strict";
    init_globals();
    var { checkSettings } = require_check_settings();
    var { failure: failure2 } = require_errors();
    var { KeyRing: KeyRing2 } = require_key_ring();
    var native = (init_native(), __toCommonJS(native_exports));
    var { Verifier: Verifier2 } = require_verifier();
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
      throw failure2("CONFIG", `${extra}: the verifier has its own settings; give ${extra} to new Verifier()`);
    }
    var KEY_SETTINGS = [["clientId", "sharedSecret"], ["clients"], ["keys"]];
    function requireOneSource(config) {
      const given = KEY_SETTINGS.map((names) => names.find((name) => config[name] !== void 0)).filter(Boolean);
      if (given.length < 2) return;
      const [first, second] = given;
      throw failure2(
        "CONFIG",
        `${first}: give ${first} or ${second}, not both, because ${first} would be ignored`
      );
    }
    function requireNoConflict(config, looksUpKeys) {
      const wide = ["pastMs", "futureMs"].find((name) => config[name] !== void 0);
      if (config.maxClockSkew !== void 0 && wide) {
        throw failure2("CONFIG", `maxClockSkew: give maxClockSkew or ${wide}, not both`);
      }
      if (config.lookUpTtlMs !== void 0 && !looksUpKeys) {
        throw failure2(
          "CONFIG",
          "lookUpTtlMs: give lookUpKeys too, because it is the time that their results are kept"
        );
      }
      if (config.clients && !looksUpKeys && Object.keys(config.clients).length === 0) {
        throw failure2("CONFIG", "clients: name at least one client, because all others are rejected");
      }
    }
    function makeVerifier(config, looksUpKeys) {
      requireOneSource(config);
      const { clientId, sharedSecret, clients, maxClockSkew, keys, allowWeak = false, ...settings } = config;
      const held = clients ?? (looksUpKeys && clientId === void 0 ? {} : void 0);
      const ring = keys ?? ringOf({ clients: held ?? single(clientId, sharedSecret), allowWeak }, looksUpKeys);
      const window = maxClockSkew === void 0 ? {} : { pastMs: maxClockSkew, futureMs: maxClockSkew };
      const observeOnly = !native.isEnabled(process.env.HMAC_AUTH_ENABLED);
      return new Verifier2({ keys: ring, observeOnly, ...window, schemes: [clientScheme], ...settings });
    }
    var ringOf = (keys, looksUpKeys) => looksUpKeys ? KeyRing2.growing(keys) : new KeyRing2(keys);
    function single(clientId, sharedSecret) {
      const missing = Object.entries({ clientId, sharedSecret }).find(([, value]) => !value);
      if (missing) {
        throw failure2(
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
    var { Identity: Identity2, isAccepted } = require_identity();
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
        const signature2 = headers[SIGNATURE];
        const verdict = this.#verifier.verdictOfClient(method, url, id, timestamp, requestId, signature2);
        if (verdict !== void 0 && isAccepted(verdict)) {
          return this.#accept(new Identity2(verdict, id, requestId), started);
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
        return isAccepted(verdict) ? this.#accept(new Identity2(verdict), started) : this.#reject(req, new Rejection(verdict), started);
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

// bindings-node/lib/nitro-cache.js
var require_nitro_cache = __commonJS({
  "bindings-node/lib/nitro-cache.js"(exports, module) {
    "use strict";
    init_globals();
    var { failure: failure2 } = require_errors();
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
    var cached = () => failure2(
      "CONFIG",
      "a verified route runs in a cached handler: its response would be sent to callers whose signature nobody verified. Remove swr, isr or cache from the routeRules of this path, and defineCachedEventHandler around it; cache the data inside the handler with defineCachedFunction"
    );
    module.exports = { refuseCaching };
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

// bindings-node/h3.js
var require_h3 = __commonJS({
  "bindings-node/h3.js"(exports, module) {
    "use strict";
    init_globals();
    var { configuration: configuration2, signature: signature2 } = require_client();
    var { fetchedTarget } = require_fetched_target();
    var { failure: failure2, Rejection } = require_errors();
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
      if (configuration2()?.server?.hmac?.enableHmac) {
        event.context.authHeaders = signature2(method, asFetched(path));
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
      if (typeof handler !== "function") throw failure2("CONFIG", `${call}: give a handler function`);
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

// bindings-node/lib/connection-string.js
var require_connection_string = __commonJS({
  "bindings-node/lib/connection-string.js"(exports, module) {
    "use strict";
    init_globals();
    var { inspect } = (init_node_modules(), __toCommonJS(node_modules_exports));
    var { checkSettings } = require_check_settings();
    var { failure: failure2, RejectedError: RejectedError2 } = require_errors();
    var { isWide } = require_head();
    var { isAccepted } = require_identity();
    var { KeyRing: KeyRing2 } = require_key_ring();
    var native = (init_native(), __toCommonJS(native_exports));
    var { tokenHeader, tokenFailedField } = native.catalog();
    var ROLES_AT = 6;
    var WRITE = "1";
    var NO_OPTIONS = Object.freeze({});
    var ConnectionString2 = class _ConnectionString {
      static HEADER = tokenHeader;
      #token;
      #fields;
      constructor(token, keyVersion) {
        this.#token = token;
        this.keyVersion = keyVersion;
      }
      get account() {
        return this.#field(1);
      }
      // The expiry as in the token.
      get expires() {
        return this.#field(2);
      }
      get expiresAt() {
        return new Date(Number(this.#field(3)) * 1e3);
      }
      get tenant() {
        return this.#field(4) || void 0;
      }
      get subscription() {
        return this.#field(5) || void 0;
      }
      get roles() {
        const roles = [];
        for (let at = ROLES_AT; at < this.#all().length; at += 2) {
          roles.push({ name: this.#field(at), write: this.#field(at + 1) === WRITE });
        }
        return roles;
      }
      // Returns the contents for logs, without the token.
      toJSON() {
        const { account, expires, tenant, subscription, roles, keyVersion } = this;
        return { account, expires, tenant, subscription, roles, keyVersion };
      }
      [inspect.custom](_depth, options) {
        return `ConnectionString ${inspect(this.toJSON(), options)}`;
      }
      #field(at) {
        return this.#all()[at];
      }
      #all() {
        this.#fields ??= native.readToken(this.#token).split("\n");
        return this.#fields;
      }
      // Issues a token, signed with the primary issuer key.
      static issue(keys, parts) {
        checkSettings("token", parts, "ConnectionString.issue()");
        const { account, expires, offsetMinutes = 0, roles = [], tenant, subscription } = parts;
        for (const role of roles) checkSettings("role", role, "ConnectionString.issue(): roles");
        const expiresS = Math.floor(new Date(expires).getTime() / 1e3);
        if (!Number.isSafeInteger(expiresS)) throw failure2("TOKEN", "expires: give a date");
        const granted = roles.map(({ name, write = false }) => ({ name, write }));
        const spec = { account, expiresS, offsetMinutes, roles: granted, tenant, subscription };
        return native.issueToken(KeyRing2.handle(keys), spec);
      }
      // Returns a `ConnectionString` or throws a `RejectedError`. `now` is for tests.
      static verify(keys, token, options = NO_OPTIONS) {
        if (options !== NO_OPTIONS) checkSettings("token_check", options, "ConnectionString.verify()");
        const { ignoreExpiry = false, now } = options;
        const text = typeof token === "string" && !isWide(token) ? token : "";
        const verdict = KeyRing2.tokenVerifier(keys)(text, !ignoreExpiry, now);
        if (isAccepted(verdict)) return new _ConnectionString(text, Number(verdict.slice(2)));
        throw rejected(verdict);
      }
    };
    function rejected(verdict) {
      const [, code, status, publicText, nativeCode, responseBody] = verdict.split("\n");
      const error = new RejectedError2({ code, status: Number(status), publicText, message: publicText });
      return Object.assign(error, {
        nativeCode: nativeCode || void 0,
        responseBody,
        logFields: { [tokenFailedField]: true, code: nativeCode || void 0 }
      });
    }
    module.exports = { ConnectionString: ConnectionString2 };
  }
});

// bindings-node/index.js
var require_index = __commonJS({
  "bindings-node/index.js"(exports, module) {
    "use strict";
    init_globals();
    var { configuration: configuration2, signature: signature2, signRequest: signRequest2 } = require_client();
    var { ConnectionString: ConnectionString2 } = require_connection_string();
    var { RejectedError: RejectedError2 } = require_errors();
    var { Identity: Identity2 } = require_identity();
    var { KeyRing: KeyRing2 } = require_key_ring();
    var { Modes: Modes2 } = require_modes();
    var { discardNonces: discardNonces2 } = (init_native(), __toCommonJS(native_exports));
    var { ReplayTable: ReplayTable3 } = require_replay_table();
    var { Signer: Signer2 } = require_signer();
    var { Verifier: Verifier2 } = require_verifier();
    module.exports = {
      configuration: configuration2,
      ConnectionString: ConnectionString2,
      discardNonces: discardNonces2,
      Identity: Identity2,
      KeyRing: KeyRing2,
      Modes: Modes2,
      RejectedError: RejectedError2,
      ReplayTable: ReplayTable3,
      Signer: Signer2,
      signature: signature2,
      signRequest: signRequest2,
      Verifier: Verifier2
    };
  }
});

// bindings-node/web.js
var require_web = __commonJS({
  "bindings-node/web.js"(exports, module) {
    "use strict";
    init_globals();
    var { failure: failure2, Rejection, RejectedError: RejectedError2 } = require_errors();
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
        throw failure2("BODY_ABORTED", "the client closed the connection while it sent the body");
      if (judged instanceof Rejection) throw new RejectedError2(judged);
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

// bindings-node/edge/lib/edge.mjs
init_globals();

// bindings-node/edge/lib/fetch.mjs
init_globals();
var import_fetch = __toESM(require_fetch(), 1);
var import_service = __toESM(require_service(), 1);

// bindings-node/edge/lib/h3.mjs
init_globals();
var import_h3 = __toESM(require_h3(), 1);

// bindings-node/edge/lib/index.mjs
init_globals();
var import__ = __toESM(require_index(), 1);

// bindings-node/edge/lib/web.mjs
init_globals();
var import_web = __toESM(require_web(), 1);

export {
  require_key_ring,
  import_fetch,
  import_service,
  import_h3,
  import__,
  import_web
};
