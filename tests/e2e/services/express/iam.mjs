// The service `iam`: an Express service with Sealwire's hmacAuth. Its response contains the sender and the received body.

import express from 'express';
import { KeyRing, ReplayTable } from 'sealwire';
import { hmacAuth } from 'sealwire/express';

const SERVICE = 'iam';

const log = (fields) => process.stdout.write(`${JSON.stringify(fields)}\n`);

const app = express();
app.disable('x-powered-by');
app.use(
  hmacAuth({
    service: SERVICE,
    keys: keysOf(process.env),
    schemes: ['message', 'client'],
    // All processes of the service share this table.
    replay: ReplayTable.mapped(process.env.REPLAY_FILE, {
      requestsPerSecond: Number(process.env.REQUESTS_PER_SECOND ?? 200),
    }),
    logger: { info: log, warn: log },
  }),
);
app.use(express.raw({ type: () => true }));
app.get('/health', (req, res) => res.send('ok'));
app.use((req, res) => {
  const { sender, scheme, userId } = req.sealwire;
  const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  res.type('text').send(Buffer.concat([Buffer.from(`${sender} ${scheme} ${userId ?? '-'}\n`), body]));
});
app.listen(Number(process.env.PORT), '127.0.0.1');

// Reads a key ring with client secrets and pair secrets from environment variables.
function keysOf(environment) {
  const clients = {};
  const pairs = {};
  for (const [name, secret] of Object.entries(environment)) {
    const [, client] = /^CLIENT_SECRET_(\w+)$/.exec(name) ?? [];
    const [, one, other] = /^HMAC_SECRET_([A-Z]+)_([A-Z]+)$/.exec(name) ?? [];
    if (client) clients[client.toLowerCase()] = secret;
    if (one) pairs[`${one}/${other}`.toLowerCase()] = secret;
  }
  return new KeyRing({ clients, pairs });
}
