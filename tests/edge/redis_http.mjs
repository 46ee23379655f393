// An HTTP service that implements the Upstash protocol and forwards the commands to a real Redis server.

import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../bindings-node/package.json', import.meta.url));
const { Redis } = require('ioredis');

export const TOKEN = 'the token of the service';

// Runs the service, calls `use` with its URL, and then stops the service. `respond` can replace the response
// to a request with a valid token.
export async function serving(port, use, respond = commandsOf) {
  const redis = new Redis(port, '127.0.0.1');
  const command = respond(redis);
  const server = createServer(async (req, res) => {
    if (req.headers.authorization !== `Bearer ${TOKEN}`) return reply(res, 401, { error: 'Unauthorized' });
    const chunks = await req.toArray();
    const response = await command(JSON.parse(Buffer.concat(chunks)));
    if (response) reply(res, ...response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    server.close();
    redis.disconnect();
  }
}

function commandsOf(redis) {
  return async ([name, ...args]) => {
    try {
      return [200, { result: await redis.call(name, ...args) }];
    } catch (error) {
      return [400, { error: error.message }];
    }
  };
}

function reply(res, status, body) {
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify(body));
}
