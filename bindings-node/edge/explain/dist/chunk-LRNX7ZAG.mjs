import {
  __commonJS,
  init_globals,
  process
} from "./chunk-EDTRMGG6.mjs";

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

export {
  require_fetched_target
};
