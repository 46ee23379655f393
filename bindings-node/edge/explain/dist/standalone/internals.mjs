import {
  __toESM,
  init_globals,
  init_native,
  init_wasm,
  native_exports,
  objectCount,
  require_head
} from "./chunk-KBCQ3XD7.mjs";

// bindings-node/edge/lib/internals.mjs
init_globals();
var import_head = __toESM(require_head(), 1);
init_native();
init_wasm();
var export_joinHead = import_head.joinHead;
var export_splitUrl = import_head.splitUrl;
export {
  export_joinHead as joinHead,
  native_exports as native,
  objectCount,
  export_splitUrl as splitUrl
};
