// Everything that this package offers without an addon, for runtimes that do not choose the build for edge runtimes by
// themselves.
export * from './index.js';
export { hmacAuth, verifyRequest } from './web.js';
export {
  defineSignedEventHandler,
  defineVerifiedEventHandler,
  hmacAuthMiddleware,
  hmacSignatureMiddleware,
} from './h3.js';
export { sendToServer, serviceToService, signedFetch } from './fetch.js';
