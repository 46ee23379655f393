// The sealwire/fetch functions that need no HTTP client library.
import { signedFetch } from '../../lib/clients/fetch.js';
import { serviceToService } from '../../lib/clients/service.js';

export { serviceToService, serviceToService as sendToServer, signedFetch };
