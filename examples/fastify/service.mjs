// A Fastify service that `agent` may call. It accepts the `message` scheme, which also signs the body.
import fastify from 'fastify';
import { KeyRing } from 'sealwire';
import { hmacAuthHook } from 'sealwire/fastify';

const app = fastify();
const keys = KeyRing.fromEnv('practices');
app.addHook('onRequest', hmacAuthHook({ service: 'practices', keys, schemes: ['message'] }));
app.post('/items', async (request) => `called by ${request.sealwire.sender}`);
await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
