export {
  defineSignedEventHandler,
  defineVerifiedEventHandler,
  hmacAuthMiddleware,
  hmacSignatureMiddleware,
} from '../../h3.js';
