// The functions of sealwire/fetch that need no HTTP client library.
import { signedFetch } from '../../lib/clients/fetch.js';
import { serviceToService } from '../../lib/clients/service.js';

export { serviceToService, serviceToService as sendToServer, signedFetch };
