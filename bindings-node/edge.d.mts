// Exports everything that works without an addon, for runtimes that do not select the edge build automatically.
export * from './index.js';
export { hmacAuth, verifyRequest } from './web.js';
export {
  defineSignedEventHandler,
  defineVerifiedEventHandler,
  hmacAuthMiddleware,
  hmacSignatureMiddleware,
} from './h3.js';
export { sendToServer, serviceToService, signedFetch } from './fetch.js';
