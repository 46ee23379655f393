var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __esm = (fn, res) => function __init() {
  return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
};
var __commonJS = (cb, mod) => function __require() {
  return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
};
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// bindings-node/edge/lib/globals.mjs
var process, encoder, Buffer2;
var init_globals = __esm({
  "bindings-node/edge/lib/globals.mjs"() {
    "use strict";
    process = {
      // Read at each use: Nitro sets the environment after this module has loaded.
      get env() {
        return globalThis.process?.env ?? {};
      },
      get versions() {
        return globalThis.process?.versions ?? {};
      },
      emitWarning(message, { type, code }) {
        console.warn(`[${code}] ${type}: ${message}`);
      }
    };
    encoder = new TextEncoder();
    Buffer2 = {
      alloc: (length) => new Uint8Array(length),
      allocUnsafeSlow: (length) => new Uint8Array(length),
      from: (source) => typeof source === "string" ? encoder.encode(source) : new Uint8Array(source),
      concat(parts) {
        const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
        let at = 0;
        for (const part of parts) {
          all.set(part, at);
          at += part.length;
        }
        return all;
      }
    };
  }
});

// bindings-node/lib/errors.js
var require_errors = __commonJS({
  "bindings-node/lib/errors.js"(exports2, module2) {
    "use strict";
    init_globals();
    function failure3(code, message) {
      return Object.assign(new Error(message), { code: `SEALWIRE_${code}` });
    }
    function warn(message) {
      process.emitWarning(message, { type: "SealwireWarning" });
    }
    var said = /* @__PURE__ */ new Set();
    function warnOnce(code, message) {
      if (said.has(code)) return;
      said.add(code);
      process.emitWarning(message, { type: "SealwireWarning", code: `SEALWIRE_${code}` });
    }
    var Rejection = class {
      constructor(verdict) {
        const [, code, status, publicText, mode, scheme, sender, version, age, field, message, proven] = verdict.split("\n");
        this.code = code;
        this.status = Number(status);
        this.publicText = publicText;
        this.mode = mode;
        this.scheme = scheme;
        this.sender = sender;
        this.keyVersion = version === "" ? void 0 : Number(version);
        this.ageMs = age === "" ? void 0 : Number(age);
        this.field = field === "" ? void 0 : field;
        this.message = message;
        this.macWasValid = proven === "1";
      }
    };
    var REJECTED = Symbol.for("sealwire.RejectedError");
    var RejectedError = class _RejectedError extends Error {
      // Also returns true for an error of another copy of this package.
      static [Symbol.hasInstance](error) {
        return this === _RejectedError ? error?.[REJECTED] === true : super[Symbol.hasInstance](error);
      }
      constructor(rejection) {
        super(rejection.message);
        Object.assign(this, rejection);
      }
    };
    RejectedError.prototype.name = "RejectedError";
    RejectedError.prototype[REJECTED] = true;
    module2.exports = { failure: failure3, warn, warnOnce, Rejection, RejectedError };
  }
});

// bindings-node/edge/lib/wasm.mjs
import module from "../wasm/bytes.mjs";
function bytes() {
  if (memory.buffer !== exports.memory.buffer) memory = new Uint8Array(exports.memory.buffer);
  return memory;
}
function call(name, input, ...numbers) {
  let length = 0;
  for (const part of input) length += part.length;
  const start = exports.sealwire_input(length);
  if (start === 0) throw (0, import_errors.failure)("STATE", `there is no memory for ${length} bytes`);
  let at = start;
  for (const part of input) {
    if (typeof part === "string") writeLatin1(part, at);
    else bytes().set(part, at);
    at += part.length;
  }
  return checked(exports[name](...numbers));
}
function writeLatin1(text, at) {
  const target = bytes().subarray(at, at + text.length);
  const { read, written: written2 } = encoder2.encodeInto(text, target);
  if (read === text.length && written2 === text.length) return;
  for (let index = 0; index < text.length; index++) target[index] = text.charCodeAt(index);
}
function checked(number) {
  if (number < 0) throw (0, import_errors.failure)(CODES[-number], output());
  return number;
}
function output() {
  const start = exports.sealwire_output();
  return decoder.decode(bytes().subarray(start, start + exports.sealwire_output_length()));
}
var import_errors, exports, CODES, encoder2, decoder, memory, utf8, objectCount, forgotten, Held;
var init_wasm = __esm({
  "bindings-node/edge/lib/wasm.mjs"() {
    "use strict";
    init_globals();
    import_errors = __toESM(require_errors(), 1);
    ({ exports } = new WebAssembly.Instance(module));
    CODES = [void 0, "CONFIG", "KEYS", "REPLAY", "SIGN", "TOKEN", "STATE"];
    encoder2 = new TextEncoder();
    decoder = new TextDecoder();
    memory = new Uint8Array(exports.memory.buffer);
    utf8 = (text) => encoder2.encode(String(text));
    objectCount = () => exports.sealwire_object_count();
    forgotten = typeof FinalizationRegistry === "function" ? new FinalizationRegistry((number) => exports.sealwire_free(number)) : void 0;
    Held = class {
      constructor(number) {
        this.number = number;
        forgotten?.register(this, number, this);
      }
      // The number for a function that ends the object.
      take() {
        const { number } = this;
        this.number = 0;
        forgotten?.unregister(this);
        return number;
      }
      free() {
        if (this.number !== 0) exports.sealwire_free(this.take());
      }
    };
  }
});

// bindings-node/edge/lib/random.mjs
function random() {
  if (used + BYTES > drawn.length) {
    drawn = crypto.getRandomValues(new Uint8Array(DRAWN));
    used = 0;
  }
  const bytes2 = drawn.slice(used, used + BYTES);
  drawn.fill(0, used, used + BYTES);
  used += BYTES;
  return bytes2;
}
function discardNonces() {
  used = drawn.length;
  drawn.fill(0);
}
var BYTES, DRAWN, drawn, used;
var init_random = __esm({
  "bindings-node/edge/lib/random.mjs"() {
    "use strict";
    init_globals();
    BYTES = 16;
    DRAWN = 64 * BYTES;
    drawn = new Uint8Array(0);
    used = 0;
  }
});

// bindings-node/edge/lib/values.mjs
function settingsBytes(settings) {
  const writer = new Writer();
  writer.value(settings);
  return writer.joined();
}
function describedBytes(options) {
  const writer = new Writer();
  writer.described({ map: options });
  return writer.joined();
}
var encoder3, Writer;
var init_values = __esm({
  "bindings-node/edge/lib/values.mjs"() {
    "use strict";
    init_globals();
    encoder3 = new TextEncoder();
    Writer = class {
      #parts = [];
      #length = 0;
      value(value) {
        switch (typeof value) {
          case "boolean":
            return this.#tag(value ? "t" : "f");
          case "number":
            return this.#number(value);
          case "string":
            return this.#tagged("s", value);
          case "object":
            return value === null ? this.#tag("u") : this.#object(value);
          default:
            return this.#tag("u");
        }
      }
      #object(value) {
        if (Array.isArray(value)) return this.#list("l", value, (each) => this.value(each));
        return this.#list("m", Object.entries(value), ([name, each]) => {
          this.#text(name);
          this.value(each);
        });
      }
      described({ flag, number, text, list, map, class: name, methods }) {
        if (flag !== void 0) this.value(flag);
        else if (number !== void 0) this.#number(number);
        else if (text !== void 0) this.value(text);
        else if (list !== void 0) this.#list("l", list, (each) => this.described(each));
        else if (map !== void 0) this.#list("m", map, (each) => this.#property(each));
        else if (name !== void 0) this.#instance(name, methods);
        else this.#tag("u");
      }
      #property(each) {
        this.#text(each.name);
        this.described(each);
      }
      #instance(name, methods = []) {
        this.#tagged("o", name);
        this.#count(methods.length);
        for (const method of methods) this.#text(method);
      }
      #number(number) {
        this.#tag("n");
        const bytes2 = new DataView(new ArrayBuffer(8));
        bytes2.setFloat64(0, number, true);
        this.#push(new Uint8Array(bytes2.buffer));
      }
      #list(tag, list, write) {
        this.#tag(tag);
        this.#count(list.length);
        for (const each of list) write(each);
      }
      #tagged(tag, text) {
        this.#tag(tag);
        this.#text(text);
      }
      #text(text) {
        const bytes2 = encoder3.encode(text);
        this.#count(bytes2.length);
        this.#push(bytes2);
      }
      #tag(tag) {
        this.#push(encoder3.encode(tag));
      }
      #count(count) {
        const bytes2 = new DataView(new ArrayBuffer(4));
        bytes2.setUint32(0, count, true);
        this.#push(new Uint8Array(bytes2.buffer));
      }
      #push(bytes2) {
        this.#parts.push(bytes2);
        this.#length += bytes2.length;
      }
      joined() {
        const all = new Uint8Array(this.#length);
        let at = 0;
        for (const part of this.#parts) {
          all.set(part, at);
          at += part.length;
        }
        return all;
      }
    };
  }
});

// bindings-node/edge/lib/native.mjs
var native_exports = {};
__export(native_exports, {
  adoptRing: () => noFiles,
  begin: () => begin,
  catalog: () => catalog,
  checkReceiver: () => checkReceiver,
  checkSettings: () => checkSettings,
  claiming: () => claiming,
  clientSigning: () => clientSigning,
  clientVerifying: () => clientVerifying,
  defaultTable: () => noFiles,
  discardNonces: () => discardNonces,
  expire: () => expire,
  explainRejection: () => explainRejection,
  finish: () => finish,
  heapTable: () => heapTable,
  isCheckedSetting: () => isCheckedSetting,
  isEnabled: () => isEnabled,
  isExempt: () => isExempt,
  isLocalHealthCheck: () => isLocalHealthCheck,
  issueToken: () => issueToken,
  mappedTable: () => noFiles,
  mappedTablePath: () => noFiles,
  modeChanges: () => modeChanges,
  modesNow: () => modesNow,
  modesOf: () => modesOf,
  nearestSetting: () => nearestSetting,
  newModes: () => newModes,
  newRing: () => newRing,
  newSigner: () => newSigner,
  newVerifier: () => newVerifier,
  prove: () => prove,
  readToken: () => readToken,
  readsBody: () => readsBody,
  release: () => release,
  replaceModes: () => replaceModes,
  replaceRing: () => replaceRing,
  ringStatus: () => ringStatus,
  setGrowingRing: () => setGrowingRing,
  settingMethods: () => settingMethods,
  settle: () => settle,
  sharedClaim: () => sharedClaim,
  shownName: () => shownName,
  signResponse: () => signResponse,
  signatureBase: () => signatureBase,
  signing: () => signing,
  slotsNeeded: () => slotsNeeded,
  splitUrl: () => splitUrl,
  stats: () => stats,
  tableFill: () => tableFill,
  tableSeen: () => tableSeen,
  tokenVerifying: () => tokenVerifying,
  update: () => update,
  urlRefusal: () => urlRefusal,
  verifierWarnings: () => verifierWarnings,
  verifyResponse: () => verifyResponse,
  verifying: () => verifying
});
function latin1(text) {
  if (!WIDE.test(text)) return text;
  throw (0, import_errors2.failure)("CONFIG", "a method, URL or header holds a character beyond latin-1; percent-encode it");
}
function checkSettings(group, options) {
  const described = describedBytes(options);
  call("sealwire_check_settings", [group, described], group.length, described.length);
}
function isCheckedSetting(group, name) {
  const bytes2 = utf8(name);
  return call("sealwire_is_checked_setting", [group, bytes2], group.length, bytes2.length) === 1;
}
function nearestSetting(group, name) {
  const bytes2 = utf8(name);
  return writtenOr(void 0, "sealwire_nearest_setting", [group, bytes2], group.length, bytes2.length);
}
function readCatalog() {
  const names2 = { reasons: [] };
  for (const line of written("sealwire_catalog", []).trimEnd().split("\n")) {
    const [name, ...values] = line.split("	");
    if (name === "reasons") names2.reasons.push(reason(values));
    else if (NUMBERS.includes(name)) names2[name] = Number(values[0]);
    else if (name === "clientSignedLengths") names2[name] = values.map(Number);
    else if (LOWER.includes(name)) names2[name] = values.map(lower);
    else names2[name] = [...LISTS, "modes", "settingMethods"].includes(name) ? values : values[0];
  }
  return { ...names2, version: `${names2.version}+edge`, tokenHeader: lower(names2.tokenHeader) };
}
function ringStatus(ring) {
  return records(written("sealwire_ring_status", [], ring.number), 5).map(
    ([name, version, primary, accepted, last]) => ({
      name,
      version: Number(version),
      primary: primary === "1",
      accepted: Number(accepted),
      ...last !== "" && { lastAcceptedS: Number(last) }
    })
  );
}
function records(text, size) {
  const lines = text.split("\n");
  return Array.from(
    { length: Math.floor(lines.length / size) },
    (_, at) => lines.slice(at * size, (at + 1) * size)
  );
}
function replaceModes(modes, spec) {
  const before = writtenOr(void 0, "sealwire_replace_modes", [modesBytes(spec)], modes.number);
  return before === void 0 ? void 0 : readModes(before);
}
function readModes(text) {
  const [mode, ...rest] = text.split("\n");
  return { mode, senders: rest.length < 2 ? [] : records(rest.join("\n"), 2) };
}
function checkReceiver(signer, receiver) {
  call("sealwire_check_receiver", [utf8(receiver)], signer.number);
}
function signing(signer) {
  let lead = "";
  return (url, changed, body = EMPTY, lines = "", fields = 0, now = void 0) => {
    if (changed !== void 0) lead = latin1(changed);
    if (WIDE.test(url)) return "";
    latin1(lines);
    const lengths = [url.length, lead.length, lines.length, fields, body.length];
    const input = [random(), url, lead, lines, body];
    return writtenOr("", "sealwire_sign", input, signer.number, ...lengths, clock(now));
  };
}
function clientSigning(signer) {
  let method = "";
  return (url, changed) => {
    if (changed !== void 0) method = latin1(changed);
    if (WIDE.test(url)) return "";
    const input = [random(), method, url];
    return writtenOr("", "sealwire_sign_client", input, signer.number, method.length, url.length, Date.now());
  };
}
function newVerifier(policy, ring, table, modes) {
  const numbers = [ring, table, modes].map((held) => held?.number ?? 0);
  const verifier = made(call("sealwire_verifier", [settingsBytes(policy)], ...numbers));
  return Object.assign(verifier, { table });
}
function verifying(verifier) {
  return (head, fields, body = EMPTY, now = void 0) => {
    seeded(verifier.table);
    const numbers = [verifier.number, head.length, fields, body.length, clock(now)];
    return written("sealwire_verify", [head, body], ...numbers);
  };
}
function signatureBase(head, fields, signatureInput, label) {
  const lengths = [head.length, fields, signatureInput.length, label.length];
  return written("sealwire_signature_base", [head, signatureInput, label], ...lengths);
}
function isExempt(verifier, head, fields) {
  return call("sealwire_is_exempt", [head], verifier.number, head.length, fields) === 1;
}
function isLocalHealthCheck(method, target, peer) {
  const bytes2 = utf8(peer);
  const lengths = [method.length, target.length, bytes2.length];
  return call("sealwire_is_local_health_check", [method, target, bytes2], ...lengths) === 1;
}
function stats(verifier) {
  return records(written("sealwire_stats", [], verifier.number), 3).map(([outcome, name, count]) => ({
    outcome,
    name,
    count: Number(count)
  }));
}
function begin(verifier, head, fields, now) {
  seeded(verifier.table);
  const waiting = call("sealwire_begin", [head], verifier.number, head.length, fields, clock(now));
  return waiting === 0 ? output() : made(waiting);
}
function update(verifier, waiting, chunk) {
  const refused = call("sealwire_update", [chunk], verifier.number, waiting.number);
  if (refused === 0) return void 0;
  waiting.take();
  return output();
}
function prove(verifier, waiting) {
  const proven = call("sealwire_prove", [], verifier.number, waiting.take());
  return proven === 0 ? output() : made(proven);
}
function sharedClaim(proven) {
  const claim = writtenOr(void 0, "sealwire_shared_claim", [], proven.number);
  if (claim === void 0) return null;
  const [key, expiresS] = claim.split("\n");
  return { key, expiresS: Number(expiresS) };
}
function settle(verifier, proven, first, now) {
  const outcome = first === void 0 || first === null ? UNDECIDED : Number(first);
  return written("sealwire_settle", [], verifier.number, proven.take(), outcome, clock(now));
}
function signResponse(verifier, head, fields, status, body, now) {
  const numbers = [verifier.number, head.length, fields, status, body.length, clock(now)];
  return written("sealwire_sign_response", [head, body], ...numbers);
}
function verifyResponse(signer, head, fields, status, lines, lineFields, body) {
  const numbers = [signer.number, head.length, fields, status, lines.length, lineFields, body.length];
  return written("sealwire_verify_response", [head, lines, body], ...numbers);
}
function seeded(table) {
  if (table !== void 0 && !table.isSeeded) {
    call("sealwire_seed_table", [random()], table.number);
    table.isSeeded = true;
  }
}
function claiming(table) {
  return (key, expiresS) => {
    seeded(table);
    const first = call("sealwire_claim", [key], table.number, key.length, expiresS, nowS());
    return first === UNKNOWN ? void 0 : first === 1;
  };
}
function tableSeen(table, key) {
  seeded(table);
  return call("sealwire_seen", [key], table.number, key.length, nowS()) === 1;
}
function tableFill(table) {
  seeded(table);
  const [live, slots] = written("sealwire_fill", [], table.number, nowS()).split("\n").map(Number);
  return { live, slots };
}
function noFiles() {
  throw (0, import_errors2.failure)("CONFIG", "this runtime has no files; give replay: 'isolate' or a store");
}
var import_errors2, EMPTY, WIDE, made, clock, written, writtenOr, isEnabled, LISTS, NUMBERS, LOWER, lower, reason, names, catalog, settingMethods, ringBytes, entry, secretOf, newRing, replaceRing, setGrowingRing, shownName, modesBytes, newModes, modesOf, modeChanges, modesNow, newSigner, splitUrl, urlRefusal, verifierWarnings, clientVerifying, readsBody, expire, finish, release, UNDECIDED, explainRejection, slotsNeeded, heapTable, nowS, UNKNOWN, issueToken, tokenVerifying, readToken;
var init_native = __esm({
  "bindings-node/edge/lib/native.mjs"() {
    "use strict";
    init_globals();
    import_errors2 = __toESM(require_errors(), 1);
    init_random();
    init_values();
    init_wasm();
    EMPTY = new Uint8Array(0);
    WIDE = /[^\0-\xff]/;
    made = (number) => new Held(number);
    clock = (now) => now ?? Date.now();
    written = (name, input, ...numbers) => {
      call(name, input, ...numbers);
      return output();
    };
    writtenOr = (otherwise, name, input, ...numbers) => call(name, input, ...numbers) === 0 ? otherwise : output();
    isEnabled = (value) => value === void 0 || call("sealwire_is_enabled", [utf8(value)]) === 1;
    LISTS = ["clientHeaders", "clientSigned", "sent", "pairwiseHeaders", "messageHeaders", "schemes"];
    NUMBERS = ["ages", "maxHeaderParts", "challengedStatus"];
    LOWER = ["clientHeaders", "pairwiseHeaders", "messageHeaders"];
    lower = (text) => text.toLowerCase();
    reason = ([code, number, status]) => ({ code, number: Number(number), status: Number(status) });
    names = readCatalog();
    catalog = () => names;
    settingMethods = () => names.settingMethods;
    ringBytes = ({ entries = [], variables = [], service, allowWeak }) => settingsBytes({ entries: entries.map(entry), variables: variables.flat(), service, allowWeak });
    entry = ({ name, peer, primary, versions }) => ({
      name,
      peer,
      primary,
      versions: versions.map(({ number, secret }) => ({ number, ...secretOf(secret) }))
    });
    secretOf = (secret) => typeof secret === "string" ? { text: secret } : { hex: Array.from(secret, (byte) => byte.toString(16).padStart(2, "0")).join("") };
    newRing = (spec) => made(call("sealwire_ring", [ringBytes(spec)]));
    replaceRing = (ring, spec) => {
      call("sealwire_replace_ring", [ringBytes(spec)], ring.number);
    };
    setGrowingRing = (ring) => {
      call("sealwire_set_growing_ring", [], ring.number);
    };
    shownName = (name) => written("sealwire_shown_name", [utf8(name)]);
    modesBytes = ({ mode, senders, observeOnly }) => settingsBytes({ mode, senders: senders.flat(), observeOnly });
    newModes = (spec) => made(call("sealwire_modes", [modesBytes(spec)]));
    modesOf = (verifier) => made(call("sealwire_modes_of", [], verifier.number));
    modeChanges = (modes) => call("sealwire_mode_changes", [], modes.number);
    modesNow = (modes) => readModes(written("sealwire_modes_now", [], modes.number));
    newSigner = (options, ring) => made(call("sealwire_signer", [settingsBytes(options)], ring.number));
    splitUrl = (url) => writtenOr(void 0, "sealwire_split_url", [url])?.split("\n");
    urlRefusal = (url) => writtenOr(null, "sealwire_url_refusal", [utf8(url)]);
    verifierWarnings = (verifier) => written("sealwire_verifier_warnings", [], verifier.number).split("\n").slice(0, -1);
    clientVerifying = () => () => void 0;
    readsBody = (waiting) => call("sealwire_reads_body", [], waiting.number) === 1;
    expire = (verifier, waiting) => written("sealwire_expire", [], verifier.number, waiting.take());
    finish = (verifier, waiting, now) => written("sealwire_finish", [], verifier.number, waiting.take(), clock(now));
    release = (waiting) => waiting.free();
    UNDECIDED = 2;
    explainRejection = (ring, request) => written("sealwire_explain", [utf8(request)], ring.number);
    slotsNeeded = (requestsPerSecond = 0, windowSeconds = 0) => call("sealwire_slots_needed", [], requestsPerSecond, windowSeconds);
    heapTable = (slots, acceptOlder) => made(call("sealwire_table", [], slots, acceptOlder ? 0 : nowS()));
    nowS = () => Math.floor(Date.now() / 1e3);
    UNKNOWN = 2;
    issueToken = (ring, spec) => written("sealwire_issue_token", [settingsBytes(spec)], ring.number);
    tokenVerifying = (ring) => (token, checksExpiry, now) => written("sealwire_verify_token", [token], ring.number, Number(checksExpiry), clock(now));
    readToken = (token) => written("sealwire_read_token", [token]);
  }
});

// bindings-node/edge/lib/node-modules.mjs
var node_modules_exports = {};
__export(node_modules_exports, {
  PassThrough: () => PassThrough,
  STATUS_CODES: () => STATUS_CODES,
  inspect: () => inspect,
  isMainThread: () => isMainThread,
  isUtf8: () => isUtf8,
  isWorker: () => isWorker,
  setImmediate: () => setImmediate,
  types: () => types
});
function isUtf8(bytes2) {
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes2);
    return true;
  } catch {
    return false;
  }
}
var custom, inspect, STATUS_CODES, setImmediate, isWorker, isMainThread, PassThrough, isNamed, types;
var init_node_modules = __esm({
  "bindings-node/edge/lib/node-modules.mjs"() {
    init_globals();
    custom = Symbol.for("nodejs.util.inspect.custom");
    inspect = Object.assign((value) => JSON.stringify(value), { custom });
    STATUS_CODES = {};
    setImmediate = () => new Promise((resolve) => setTimeout(resolve));
    isWorker = false;
    isMainThread = true;
    PassThrough = void 0;
    isNamed = (value, name) => Object.prototype.toString.call(value) === `[object ${name}]`;
    types = {
      isArrayBuffer: (value) => isNamed(value, "ArrayBuffer"),
      isUint8Array: (value) => ArrayBuffer.isView(value) && isNamed(value, "Uint8Array")
    };
  }
});

// bindings-node/lib/brands.js
var require_brands = __commonJS({
  "bindings-node/lib/brands.js"(exports2, module2) {
    "use strict";
    init_globals();
    var { types: types2 } = (init_node_modules(), __toCommonJS(node_modules_exports));
    var native = (init_native(), __toCommonJS(native_exports));
    var { version } = native.catalog();
    var brandOf = (name) => Symbol.for(`sealwire.${version}.${name}`);
    function handleOf(object, brand) {
      const handle = typeof object === "object" && object !== null ? object[brand] : void 0;
      return typeof handle === "function" ? handle.call(object) : void 0;
    }
    var { isArrayBuffer, isUint8Array } = types2;
    module2.exports = { brandOf, handleOf, isArrayBuffer, isUint8Array };
  }
});

// bindings-node/lib/parse-url.js
var require_parse_url = __commonJS({
  "bindings-node/lib/parse-url.js"(exports2, module2) {
    "use strict";
    init_globals();
    function parseUrl(text, base) {
      try {
        return new URL(text, base);
      } catch {
        return void 0;
      }
    }
    module2.exports = { parseUrl };
  }
});

// bindings-node/lib/head.js
var require_head = __commonJS({
  "bindings-node/lib/head.js"(exports2, module2) {
    "use strict";
    init_globals();
    var { isArrayBuffer, isUint8Array } = require_brands();
    var { failure: failure3 } = require_errors();
    var native = (init_native(), __toCommonJS(native_exports));
    var { parseUrl } = require_parse_url();
    var WIDE2 = /[^\0-\xff]/;
    var flatHeaders = (headers = []) => isFlat(headers) ? headers : pushHeaders([], headers);
    var partsOf = (lead, headers = []) => isFlat(headers) ? [...lead, ...headers] : pushHeaders(lead, headers);
    var isFlat = (headers) => Array.isArray(headers) && !Array.isArray(headers[0]);
    var { hasOwnProperty: hasOwn } = Object.prototype;
    function pushHeaders(list, headers) {
      if (typeof headers.entries === "function") {
        for (const [name, value] of headers[Symbol.iterator]()) pushHeader(list, name, value);
      } else {
        for (const name in headers) if (hasOwn.call(headers, name)) pushHeader(list, name, headers[name]);
      }
      return list;
    }
    function pushHeader(flat, name, value) {
      if (value === void 0) return;
      if (Array.isArray(value)) for (const each of value) flat.push(name, each);
      else flat.push(name, typeof value === "string" ? value : String(value));
    }
    var SLASH = "/".charCodeAt(0);
    function splitUrl2(url, authority = "", scheme = "https") {
      const text = String(url);
      if (text.charCodeAt(0) === SLASH || text === "*") return { target: text, authority, scheme };
      const split = isWide(text) ? null : native.splitUrl(text);
      return split ? { target: split[0], authority: split[1], scheme: split[2] } : parsedUrl(text);
    }
    function parsedUrl(text) {
      const refusal = native.urlRefusal(text);
      if (refusal !== null) throw failure3("SIGN", refusal);
      const { pathname, search, host, protocol } = parse(text);
      return { target: pathname + search, authority: host, scheme: protocol.slice(0, -1) };
    }
    function parse(text) {
      const url = parseUrl(text);
      if (url === void 0) throw failure3("SIGN", native.urlRefusal(""));
      return url;
    }
    function bodyBytes(body) {
      if (body === void 0 || body === null || isUint8Array(body)) return body ?? void 0;
      if (typeof body === "string") return Buffer2.from(body);
      if (isArrayBuffer(body)) return new Uint8Array(body);
      throw failure3("CONFIG", "body: give the bytes as they are sent: a string, a Uint8Array or an ArrayBuffer");
    }
    var isWide = (text) => WIDE2.test(text);
    function beyondLatin1() {
      throw failure3("CONFIG", "a method, URL or header holds a character beyond latin-1; percent-encode it");
    }
    var asKeys = (names2) => Object.keys(Object.fromEntries(names2.map((name) => [name, 0])));
    var EMPTY2 = new Uint8Array(0);
    function joinHead(parts) {
      const head = parts.join("\n");
      return isWide(head) ? beyondLatin1() : head;
    }
    var { sent, messageHeaders } = native.catalog();
    var SENT = asKeys(sent);
    var FIRST = "a".charCodeAt(0);
    var [INPUT_AT, SIGNATURE_AT, DIGEST_AT] = messageHeaders.map(
      (header) => sent.findIndex((name) => name.toLowerCase() === header)
    );
    var [INPUT, SIGNATURE, DIGEST] = [INPUT_AT, SIGNATURE_AT, DIGEST_AT].map((place) => SENT[place]);
    function sentHeaders(lines) {
      const headers = {};
      for (let at = 0; at < lines.length; ) {
        const end = lines.indexOf("\n", at);
        set(headers, lines.charCodeAt(at) - FIRST, lines.slice(at + 1, end));
        at = end + 1;
      }
      return headers;
    }
    function set(headers, place, value) {
      if (place === INPUT_AT) headers[INPUT] = value;
      else if (place === SIGNATURE_AT) headers[SIGNATURE] = value;
      else if (place === DIGEST_AT) headers[DIGEST] = value;
      else headers[SENT[place]] = value;
    }
    module2.exports = {
      asKeys,
      beyondLatin1,
      bodyBytes,
      EMPTY: EMPTY2,
      flatHeaders,
      isWide,
      joinHead,
      partsOf,
      sentHeaders,
      splitUrl: splitUrl2
    };
  }
});

export {
  __esm,
  __commonJS,
  __export,
  __toESM,
  __toCommonJS,
  process,
  Buffer2 as Buffer,
  init_globals,
  require_errors,
  require_parse_url,
  objectCount,
  init_wasm,
  catalog,
  native_exports,
  init_native,
  node_modules_exports,
  init_node_modules,
  require_brands,
  require_head
};
