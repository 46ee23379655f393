import {
  import_h3
} from "./chunk-DTATS7SN.mjs";
var export_defineSignedEventHandler = import_h3.defineSignedEventHandler;
var export_defineVerifiedEventHandler = import_h3.defineVerifiedEventHandler;
var export_hmacAuthMiddleware = import_h3.hmacAuthMiddleware;
var export_hmacSignatureMiddleware = import_h3.hmacSignatureMiddleware;
export {
  export_defineSignedEventHandler as defineSignedEventHandler,
  export_defineVerifiedEventHandler as defineVerifiedEventHandler,
  export_hmacAuthMiddleware as hmacAuthMiddleware,
  export_hmacSignatureMiddleware as hmacSignatureMiddleware
};
