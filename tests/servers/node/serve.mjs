// A service for Bun.serve and Deno.serve. The environment variable PORT selects the port.

import calls from '../../../bindings-node/test/support/calls.js';
import { hmacAuth } from '../../../bindings-node/web.js';

const auth = hmacAuth(calls.CONFIG);
const [port, hostname] = [Number(process.env.PORT), '127.0.0.1'];

async function handler(request, identity) {
  const { length } = await request.text();
  return Response.json({ sender: identity?.sender, scheme: identity?.scheme, length });
}

if (globalThis.Bun) {
  const fetch = (request, server) => auth(request, handler, { peer: server.requestIP(request)?.address });
  globalThis.Bun.serve({ port, hostname, fetch });
} else {
  const fetch = (request, info) => auth(request, handler, { peer: info.remoteAddr.hostname });
  globalThis.Deno.serve({ port, hostname }, fetch);
}
