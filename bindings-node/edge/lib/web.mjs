export { hmacAuth, verifyRequest } from '../../web.js';
