import {
  import__
} from "./chunk-SDQXXHT2.mjs";
var export_ConnectionString = import__.ConnectionString;
var export_Identity = import__.Identity;
var export_KeyRing = import__.KeyRing;
var export_Modes = import__.Modes;
var export_RejectedError = import__.RejectedError;
var export_ReplayTable = import__.ReplayTable;
var export_Signer = import__.Signer;
var export_Verifier = import__.Verifier;
var export_configuration = import__.configuration;
var export_discardNonces = import__.discardNonces;
var export_signRequest = import__.signRequest;
var export_signature = import__.signature;
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
  export_discardNonces as discardNonces,
  export_signRequest as signRequest,
  export_signature as signature
};
