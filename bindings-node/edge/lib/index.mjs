export {
  configuration,
  ConnectionString,
  discardNonces,
  Identity,
  KeyRing,
  Modes,
  RejectedError,
  ReplayTable,
  Signer,
  signature,
  signRequest,
  Verifier,
} from '../../index.js';
