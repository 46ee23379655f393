import {
  import_web
} from "./chunk-VSCBWFK2.mjs";
var export_hmacAuth = import_web.hmacAuth;
var export_verifyRequest = import_web.verifyRequest;
export {
  export_hmacAuth as hmacAuth,
  export_verifyRequest as verifyRequest
};
