// Sends a signed request to the service.
import { KeyRing, Signer } from 'sealwire';
import { signedFetch } from 'sealwire/fetch';

const service = process.env.SERVICE_URL ?? 'http://127.0.0.1:3000';
const keys = new KeyRing({ clients: { 'billing-service': process.env.HMAC_SHARED_SECRET } });
const signer = new Signer({ name: 'billing-service', keys, schemes: ['client'] });
const send = signedFetch(signer, { origins: [service] });
const response = await send(`${service}/items`, { method: 'POST', body: '{"name":"tea"}' });
console.log(response.status, await response.text());
