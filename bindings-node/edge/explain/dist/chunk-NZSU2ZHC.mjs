import {
  __commonJS,
  __toCommonJS,
  init_globals,
  init_native,
  init_node_modules,
  native_exports,
  node_modules_exports,
  process,
  require_brands,
  require_errors
} from "./chunk-EDTRMGG6.mjs";

// bindings-node/lib/check-settings.js
var require_check_settings = __commonJS({
  "bindings-node/lib/check-settings.js"(exports, module) {
    "use strict";
    init_globals();
    var { failure } = require_errors();
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
          throw failure("CONFIG", `${call}: ${name}: no such setting; did you mean ${near}?`);
        }
      }
    }
    function requireObject(options, call) {
      if (typeof options !== "object" || options === null || Array.isArray(options)) {
        throw failure("CONFIG", `${call}: give an object of settings, not ${kindOf(options)}`);
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
    var { failure } = require_errors();
    var { LoadedKeys } = require_loaded_keys();
    var native = (init_native(), __toCommonJS(native_exports));
    var KEY_RING = brandOf("KeyRing");
    var tokenVerifiers = /* @__PURE__ */ new WeakMap();
    var KeyRing = class _KeyRing {
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
        if (typeof service !== "string") throw failure("CONFIG", "service: give the name of the service first");
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
          throw failure(
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
        throw failure(
          "CONFIG",
          `${missing}: give ${missing} beside ${given}: the variables are found by the service's name`
        );
      }
      const other = ["clients", "pairs", "issuer"].find((name) => keys[name] !== void 0);
      if (env && other) throw failure("CONFIG", `${other}: give ${other} or env, not both`);
    }
    function pair(names) {
      const [name, peer, ...more] = names.split("/");
      if (!name || !peer || more.length > 0) {
        const entry = native.shownName(names);
        throw failure("KEYS", `key ring entry ${entry}: name both services of the pair, as in "agent/practices"`);
      }
      return { name, peer };
    }
    function versions(entry, keys) {
      if (isSecret(keys)) return { primary: 1, versions: [{ number: 1, secret: keys }] };
      checkVersions(entry, keys);
      const numbered = Array.isArray(keys?.versions) ? keys.versions : Object.entries(keys?.versions ?? {});
      if (typeof keys?.primary !== "number" || !numbered.every(([, secret]) => isSecret(secret))) {
        const shown = native.shownName(entry);
        throw failure("KEYS", `key ring entry ${shown}: give a secret, or { primary, versions: { 1: secret } }`);
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
        throw failure("KEYS", `key ring entry ${native.shownName(entry)}: ${error.message}`);
      }
    }
    var MAX_VERSION = 4294967295;
    function version(entry, number, secret) {
      if (!/^(0|[1-9]\d{0,9})$/.test(String(number)) || Number(number) > MAX_VERSION) {
        const shown = JSON.stringify(native.shownName(String(number)));
        throw failure("KEYS", `key ring entry ${native.shownName(entry)}: ${shown} is not a version number`);
      }
      return { number: Number(number), secret };
    }
    var isSecret = (value) => typeof value === "string" || isUint8Array(value);
    module.exports = { KeyRing };
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
    var Identity = class {
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
    module.exports = { Identity, isAccepted };
  }
});

export {
  require_check_settings,
  require_key_ring,
  require_identity
};
