import {
  require_check_settings,
  require_identity,
  require_key_ring
} from "./chunk-NZSU2ZHC.mjs";
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
  require_brands,
  require_errors,
  require_head,
  require_parse_url
} from "./chunk-EDTRMGG6.mjs";

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
    var Modes = class _Modes {
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
    module.exports = { Modes };
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
    var ReplayTable2 = class _ReplayTable {
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
    module.exports = { ReplayTable: ReplayTable2 };
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
    var { failure: failure2, Rejection, RejectedError, warn } = require_errors();
    var { clientValues } = require_client_headers();
    var { bodyBytes, EMPTY, flatHeaders, joinHead, partsOf, sentHeaders } = require_head();
    var { Identity, isAccepted } = require_identity();
    var { KeyRing } = require_key_ring();
    var { Modes } = require_modes();
    var native = (init_native(), __toCommonJS(native_exports));
    var { receivedUrl } = require_received_url();
    var { replayChoice: replayChoice2 } = (init_replay_choice(), __toCommonJS(replay_choice_exports));
    var { ReplayTable: ReplayTable2 } = require_replay_table();
    var { settings } = require_settings();
    var { challengedStatus, clientScheme } = native.catalog();
    var Verifier = class {
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
        const handles = [KeyRing.handle(keys), ReplayTable2.handle(table), Modes.handle(modes)];
        this.#native = native.newVerifier(policy, ...handles);
        for (const warning of native.verifierWarnings(this.#native)) warn(warning);
        this.#verify = native.verifying(this.#native);
        this.#verifyClient = native.clientVerifying(this.#native);
        this.keys = keys;
        this.modes = modes ?? Modes.of(this.#native);
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
        const signature = values[2];
        const requestId = values[3];
        const verdict = this.verdictOfClient(method, target, id, timestamp, requestId, signature);
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
      verdictOfClient(method, url, id, timestamp, requestId, signature) {
        if (id === void 0 || timestamp === void 0 || requestId === void 0 || signature === void 0) {
          return void 0;
        }
        const lengths = bytes(method.length, id.length, timestamp.length, requestId.length, signature.length);
        if (lengths === void 0) return void 0;
        const head = method + id + timestamp + requestId + signature + url;
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
      if (isAccepted(verdict)) return new Identity(verdict, sender, nonce);
      throw new RejectedError(new Rejection(verdict));
    }
    module.exports = { Verifier };
  }
});

export {
  require_modes,
  require_replay_table,
  require_verifier
};
