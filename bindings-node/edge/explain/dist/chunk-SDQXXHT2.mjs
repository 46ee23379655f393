import {
  require_client,
  require_signer
} from "./chunk-ANCQEIDD.mjs";
import {
  require_modes,
  require_replay_table,
  require_verifier
} from "./chunk-ADQ3D77C.mjs";
import {
  require_check_settings,
  require_identity,
  require_key_ring
} from "./chunk-NZSU2ZHC.mjs";
import {
  __commonJS,
  __toCommonJS,
  __toESM,
  init_globals,
  init_native,
  init_node_modules,
  native_exports,
  node_modules_exports,
  require_errors,
  require_head
} from "./chunk-EDTRMGG6.mjs";

// bindings-node/lib/connection-string.js
var require_connection_string = __commonJS({
  "bindings-node/lib/connection-string.js"(exports, module) {
    "use strict";
    init_globals();
    var { inspect } = (init_node_modules(), __toCommonJS(node_modules_exports));
    var { checkSettings } = require_check_settings();
    var { failure, RejectedError: RejectedError2 } = require_errors();
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
        if (!Number.isSafeInteger(expiresS)) throw failure("TOKEN", "expires: give a date");
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
    var { ReplayTable: ReplayTable2 } = require_replay_table();
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
      ReplayTable: ReplayTable2,
      Signer: Signer2,
      signature: signature2,
      signRequest: signRequest2,
      Verifier: Verifier2
    };
  }
});

// bindings-node/edge/lib/index.mjs
init_globals();
var import__ = __toESM(require_index(), 1);

export {
  import__
};
