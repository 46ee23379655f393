import {
  require_check_settings,
  require_identity,
  require_key_ring
} from "./chunk-NZSU2ZHC.mjs";
import {
  __commonJS,
  __toCommonJS,
  init_globals,
  init_native,
  native_exports,
  process,
  require_brands,
  require_errors,
  require_head
} from "./chunk-EDTRMGG6.mjs";

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
    var { Rejection, RejectedError } = require_errors();
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
    var { KeyRing } = require_key_ring();
    var { RepeatedParts } = require_repeated_parts();
    var native = (init_native(), __toCommonJS(native_exports));
    var { clientScheme, clientSigned, clientSignedLengths } = native.catalog();
    var [CLIENT_ID, TIMESTAMP, SIGNATURE, REQUEST_ID] = asKeys(clientSigned);
    var REQUEST_ID_AT = -clientSignedLengths[1];
    var SIGNATURE_AT = REQUEST_ID_AT - clientSignedLengths[0];
    var NO_HEADERS = [];
    var SIGNER = brandOf("Signer");
    var Signer = class {
      #native;
      #sign;
      #signClient;
      #repeated = new RepeatedParts();
      #method = void 0;
      constructor(options) {
        checkSettings("signer", options, "new Signer()");
        const { name, keys, schemes, receiver = "", coverFields, ignoreAuthority } = options;
        this.#native = native.newSigner({ name, schemes, coverFields, ignoreAuthority }, KeyRing.handle(keys));
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
        if (!isAccepted(verdict)) throw new RejectedError(new Rejection(verdict));
        const [, seconds, version] = verdict.split("\n");
        return { serverTime: new Date(Number(seconds) * 1e3), keyVersion: Number(version) };
      }
    };
    var linesOf = (flat) => flat.length === 0 ? void 0 : flat.join("\n");
    var textOf = (url) => typeof url === "string" ? url : String(url);
    module.exports = { Signer };
  }
});

// bindings-node/lib/client.js
var require_client = __commonJS({
  "bindings-node/lib/client.js"(exports, module) {
    "use strict";
    init_globals();
    var { checkOpenSettings, checkSettings } = require_check_settings();
    var { failure, warnOnce } = require_errors();
    var { KeyRing } = require_key_ring();
    var native = (init_native(), __toCommonJS(native_exports));
    var { Signer } = require_signer();
    var { clientScheme } = native.catalog();
    var MAX_SIGNERS = 64;
    var signers = /* @__PURE__ */ new Map();
    function signRequest(method, url, secret, clientId) {
      return signerOf(clientId, secret).signClient(method, url);
    }
    function signature(method, path) {
      const { clientId, sharedSecret } = hmac();
      return signRequest(method, path, sharedSecret, clientId);
    }
    var PLACE = Symbol.for("sealwire.configuration");
    function configuration(options) {
      if (options === void 0) return globalThis[PLACE];
      checkConfiguration(options);
      const { hmac: hmac2 } = options?.server ?? {};
      if (hmac2?.enableHmac) {
        for (const name of ["clientId", "sharedSecret"]) {
          if (typeof hmac2[name] !== "string" || hmac2[name] === "") {
            throw failure("CONFIG", `server.hmac.${name}: set it; is its environment variable set?`);
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
      const { hmac: hmac2 } = configuration()?.server ?? {};
      if (!hmac2?.clientId) {
        throw failure(
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
        signer = new Signer({ name: clientId, keys: clientKeys(clientId, secret), schemes: [clientScheme] });
        if (signers.size >= MAX_SIGNERS) signers.delete(signers.keys().next().value);
        signers.set(key, signer);
      }
      return signer;
    }
    function clientKeys(clientId, secret) {
      try {
        return new KeyRing({ clients: { [clientId]: secret } });
      } catch (strict) {
        const keys = new KeyRing({ clients: { [clientId]: secret }, allowWeak: true });
        warnOnce("WEAK_SECRET", strict.message);
        return keys;
      }
    }
    var RANDOM = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}|[A-Za-z0-9+/_-]{32,}={0,2})$/i;
    function warnIfGenerated({ clientId, sharedSecret, stable = false }) {
      const known = new Set(Object.values(process.env));
      const generated = [clientId, sharedSecret].some((value) => RANDOM.test(value) && !known.has(value));
      if (generated && !stable) {
        warnOnce(
          "GENERATED_SECRET",
          "server.hmac.clientId or sharedSecret looks generated at start-up: it would differ after every start. Take both from the environment, or set server.hmac.stable if they are kept elsewhere"
        );
      }
    }
    module.exports = { signRequest, signature, configuration, signerOf, hmac };
  }
});

export {
  require_signer,
  require_client
};
