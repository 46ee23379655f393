import {
  import__,
  import_fetch,
  import_h3,
  import_service,
  import_web
} from "./chunk-7Y2PGFIM.mjs";
var export_ConnectionString = import__.ConnectionString;
var export_Identity = import__.Identity;
var export_KeyRing = import__.KeyRing;
var export_Modes = import__.Modes;
var export_RejectedError = import__.RejectedError;
var export_ReplayTable = import__.ReplayTable;
var export_Signer = import__.Signer;
var export_Verifier = import__.Verifier;
var export_configuration = import__.configuration;
var export_defineSignedEventHandler = import_h3.defineSignedEventHandler;
var export_defineVerifiedEventHandler = import_h3.defineVerifiedEventHandler;
var export_discardNonces = import__.discardNonces;
var export_hmacAuth = import_web.hmacAuth;
var export_hmacAuthMiddleware = import_h3.hmacAuthMiddleware;
var export_hmacSignatureMiddleware = import_h3.hmacSignatureMiddleware;
var export_sendToServer = import_service.serviceToService;
var export_serviceToService = import_service.serviceToService;
var export_signRequest = import__.signRequest;
var export_signature = import__.signature;
var export_signedFetch = import_fetch.signedFetch;
var export_verifyRequest = import_web.verifyRequest;
export {
  export_ConnectionString as ConnectionString,
  export_Identity as Identity,
  export_KeyRing as KeyRing,
  export_Modes as Modes,
  export_RejectedError as RejectedError,
  export_ReplayTable as ReplayTable,
  export_Signer as Signer,
  export_Verifier as Verifier,
  export_configuration as configuration,
  export_defineSignedEventHandler as defineSignedEventHandler,
  export_defineVerifiedEventHandler as defineVerifiedEventHandler,
  export_discardNonces as discardNonces,
  export_hmacAuth as hmacAuth,
  export_hmacAuthMiddleware as hmacAuthMiddleware,
  export_hmacSignatureMiddleware as hmacSignatureMiddleware,
  export_sendToServer as sendToServer,
  export_serviceToService as serviceToService,
  export_signRequest as signRequest,
  export_signature as signature,
  export_signedFetch as signedFetch,
  export_verifyRequest as verifyRequest
};
