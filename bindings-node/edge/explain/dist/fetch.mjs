import {
  import_fetch,
  import_service
} from "./chunk-VMYWR3IA.mjs";
var export_sendToServer = import_service.serviceToService;
var export_serviceToService = import_service.serviceToService;
var export_signedFetch = import_fetch.signedFetch;
export {
  export_sendToServer as sendToServer,
  export_serviceToService as serviceToService,
  export_signedFetch as signedFetch
};
