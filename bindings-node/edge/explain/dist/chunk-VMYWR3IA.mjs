import {
  require_fetched_target
} from "./chunk-LRNX7ZAG.mjs";
import {
  require_client,
  require_signer
} from "./chunk-ANCQEIDD.mjs";
import {
  require_check_settings
} from "./chunk-NZSU2ZHC.mjs";
import {
  __commonJS,
  __toCommonJS,
  __toESM,
  init_globals,
  init_native,
  native_exports,
  require_errors,
  require_parse_url
} from "./chunk-EDTRMGG6.mjs";

// bindings-node/lib/clients/origins.js
var require_origins = __commonJS({
  "bindings-node/lib/clients/origins.js"(exports, module) {
    "use strict";
    init_globals();
    var { failure } = require_errors();
    var { parseUrl } = require_parse_url();
    var PROTOCOLS = /* @__PURE__ */ new Set(["http:", "https:"]);
    function originsFrom(origins) {
      if (origins === void 0) return void 0;
      if (!Array.isArray(origins) || origins.length === 0) {
        throw failure("CONFIG", "origins: give a list, such as ['https://iam.internal']");
      }
      return origins.map(originFrom);
    }
    function originFrom(given) {
      const url = parseUrl(given);
      const isOrigin = PROTOCOLS.has(url?.protocol) && [url.origin, `${url.origin}/`].includes(url.href);
      if (!isOrigin) {
        throw failure(
          "CONFIG",
          `origins: ${JSON.stringify(String(given))} is not an origin; give scheme, host and port alone, such as https://iam.internal`
        );
      }
      return url.origin;
    }
    function requireOrigin(allowed, url, from) {
      if (allowed.includes(url.origin)) return;
      const what = from ? `a redirect leads from ${from.origin} to ${originOf(url)}` : `for ${originOf(url)}`;
      throw failure(
        "SIGN",
        `not signed: ${what}, and this client signs for ${allowed.join(", ")}. Nothing was sent to ${originOf(url)}. If the keys are meant for it too, add it to origins`
      );
    }
    var originOf = (url) => url.origin === "null" ? url.href : url.origin;
    function requireHost(url, host) {
      if (host === void 0 || host === null) return;
      const named = parseUrl(`${url.protocol}//${host}`);
      if (named?.host === url.host && named.pathname === "/") return;
      throw failure(
        "SIGN",
        `not signed: the Host header is ${JSON.stringify(String(host))}, but the URL goes to ${url.host}; remove the header, or call the host it names`
      );
    }
    module.exports = { originFrom, originsFrom, requireHost, requireOrigin };
  }
});

// bindings-node/lib/clients/credentials.js
var require_credentials = __commonJS({
  "bindings-node/lib/clients/credentials.js"(exports, module) {
    "use strict";
    init_globals();
    var { signerOf } = require_client();
    var { failure } = require_errors();
    var { checkSettings } = require_check_settings();
    var { Signer } = require_signer();
    function signerFrom(credentials) {
      if (Signer.is(credentials)) return credentials;
      checkSettings("credentials", credentials ?? {}, "credentials");
      const { clientId, sharedSecret } = credentials ?? {};
      if (!clientId || !sharedSecret) {
        throw failure("CONFIG", "credentials: give a Signer, or { clientId, sharedSecret }");
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
    var { failure } = require_errors();
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
      throw failure("SIGN", `${client}: ${JSON.stringify(shown(url, text))}: ${reason}`);
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
    var { failure } = require_errors();
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
        throw failure("SIGN", `a redirect from ${url.origin} has a Location that is not a URL`);
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
    var { failure } = require_errors();
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
      throw failure("CONFIG", "signedFetch: base: give an absolute URL, such as https://iam.internal/api/");
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
      const signature = client.headersFor({
        method,
        url,
        target: fetchedTarget(url),
        headers: flat,
        body: bytes,
        allowed,
        from
      });
      for (const [name, value] of Object.entries(signature)) headers.set(name, value);
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
        throw failure(
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
    var { configuration, hmac } = require_client();
    var { failure } = require_errors();
    var { signedFetch: signedFetch2 } = require_fetch();
    async function serviceToService2(path, init) {
      const origin = serviceOrigin();
      const url = new URL(path, origin);
      if (url.origin !== origin)
        throw failure("CONFIG", `the path must stay on ${origin}, not lead to ${url.origin}`);
      if (!configuration().server.hmac?.enableHmac) return fetch(url, init);
      const { clientId, sharedSecret } = hmac();
      return signedFetch2({ clientId, sharedSecret }, { origins: [origin] })(url, init);
    }
    function serviceOrigin() {
      const { auth_location: location, ssl } = configuration()?.server ?? {};
      if (!location?.serverOrDNS) {
        throw failure(
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

// bindings-node/edge/lib/fetch.mjs
init_globals();
var import_fetch = __toESM(require_fetch(), 1);
var import_service = __toESM(require_service(), 1);

export {
  import_fetch,
  import_service
};
