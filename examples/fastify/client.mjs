// Sends a signed request to the service.
import { KeyRing, Signer } from 'sealwire';
import { signedFetch } from 'sealwire/fetch';

const service = process.env.SERVICE_URL ?? 'http://127.0.0.1:3000';
const signer = new Signer({ name: 'agent', keys: KeyRing.fromEnv('agent') });
const send = signedFetch(signer, { receiver: 'practices', origins: [service] });
const body = JSON.stringify({ name: 'tea' });
const headers = { 'content-type': 'application/json' };
const response = await send(`${service}/items`, { method: 'POST', headers, body });
console.log(response.status, await response.text());
