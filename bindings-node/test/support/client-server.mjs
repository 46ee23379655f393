// A service, and a second server with a different origin, for client tests. The service verifies `client` with node:crypto. For
// paths below `/signed`, it verifies `message` with Sealwire. The response contains the result.

import { createServer } from 'node:http';
import sealwire from '../../index.js';
import express from '../../express.js';
import plain from './plain.js';

const { KeyRing, Signer } = sealwire;
const { CLIENT, SECRET, plainVerifies } = plain;

export const CREDENTIALS = { clientId: CLIENT, sharedSecret: SECRET };
const KEYS = new KeyRing({
  pairs: { 'agent/practices': 'dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==' },
});
export const AGENT = new Signer({ name: 'agent', keys: KEYS, receiver: 'practices' });

// Calls `use` with the service's origin, the second server's origin, and the list of headers that the second server received.
export async function withServers(use) {
  const elsewhere = [];
  const other = await listening((req, res) => {
    elsewhere.push(req.headers);
    res.end('elsewhere');
  });
  const service = await listening(serviceOf(originOf(other)));
  try {
    return await use(originOf(service), originOf(other), elsewhere);
  } finally {
    for (const server of [other, service]) {
      server.closeAllConnections();
      server.close();
    }
  }
}

function serviceOf(otherOrigin) {
  const guard = express.hmacAuth({ keys: KEYS, service: 'practices', schemes: ['message'], replay: 'heap' });
  const tried = new Map();
  return (req, res) => {
    const { pathname, searchParams } = new URL(`http://any${req.url}`);
    if (pathname === '/moved') return res.writeHead(307, { location: '/elsewhere' }).end();
    if (pathname === '/away') return res.writeHead(307, { location: `${otherOrigin}/wipe` }).end();
    const id = searchParams.get('flaky');
    if (id !== null && !tried.has(id)) {
      tried.set(id, true);
      return judge(guard, req, res, () => res.writeHead(503).end());
    }
    return judge(guard, req, res, (who) => res.end(who));
  };
}

function judge(guard, req, res, next) {
  if (req.url.startsWith('/signed')) {
    return guard(req, res, () => next(`${req.sealwire.sender} ${req.rawBody ?? ''}`));
  }
  const isSigned = req.headers['x-client-id'] && plainVerifies(req.method, req.url, req.headers);
  return next(isSigned ? `in ${req.url}` : 'out');
}

async function listening(handler) {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

const originOf = (server) => `http://127.0.0.1:${server.address().port}`;
