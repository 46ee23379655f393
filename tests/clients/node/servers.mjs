// The servers that the clients call. One server verifies requests with Sealwire. The other has a different
// origin and records requests.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import sealwire from '../../../bindings-node/index.js';
import middleware from '../../../bindings-node/express.js';

const { KeyRing, ReplayTable, Signer } = sealwire;

export const SCHEMES = ['message', 'client', 'pairwise'];
const CLIENTS = new KeyRing({ clients: { agent: 'the secret of a client, for these tests alone' } });
const PAIRS = new KeyRing({
  pairs: { 'agent/practices': 'dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==' },
});
const keysOf = (scheme) => (scheme === 'client' ? CLIENTS : PAIRS);

export const signerOf = (scheme) =>
  new Signer({ name: 'agent', keys: keysOf(scheme), schemes: [scheme], receiver: 'practices' });

export const digestOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

// Starts all servers. Returns an object whose `close` method stops them.
export async function startServers() {
  const received = [];
  const evil = http.createServer((req, res) => {
    received.push({ url: req.url, headers: req.headers });
    res.end('{}');
  });
  const evilOrigin = await listening(evil, 'http');
  const certificate = makeCertificate();
  const plain = http.createServer(serviceApp(evilOrigin));
  const secure = http2.createSecureServer(certificate, http2Handler());
  return {
    received,
    ca: certificate.cert,
    evilOrigin,
    origin: await listening(plain, 'http'),
    http2Origin: await listening(secure, 'https'),
    close() {
      for (const server of [evil, plain]) server.closeAllConnections();
      for (const server of [evil, plain, secure]) server.close();
    },
  };
}

async function listening(server, protocol) {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return `${protocol}://127.0.0.1:${server.address().port}`;
}

const guardOf = (scheme) =>
  middleware.hmacAuth({
    keys: keysOf(scheme),
    service: 'practices',
    schemes: [scheme],
    replay: ReplayTable.heap({ acceptOlder: true }),
  });

// An application that accepts requests below `/<scheme>` only if they are signed with this scheme.
function serviceApp(evilOrigin) {
  const app = express();
  const attempts = new Map();
  for (const scheme of SCHEMES) app.use(`/${scheme}`, guardOf(scheme));
  app.use(express.raw({ type: () => true, limit: '10mb' }));
  app.all('/:scheme/echo', (req, res) => res.json(seen(req)));
  app.all('/:scheme/flaky/:id', (req, res) => {
    const tried = attempts.get(req.params.id) ?? 0;
    attempts.set(req.params.id, tried + 1);
    if (tried < 2) res.status(503).end();
    else res.json(seen(req));
  });
  app.all('/:scheme/moved/:status', (req, res) =>
    res.redirect(Number(req.params.status), `/${req.params.scheme}/echo?moved=1`),
  );
  app.all('/:scheme/away/:status', (req, res) =>
    res.redirect(Number(req.params.status), `${evilOrigin}/admin/wipe`),
  );
  return app;
}

function seen(req) {
  const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  const type = req.headers['content-type'] ?? '';
  return {
    sender: req.sealwire?.sender,
    method: req.method,
    url: req.originalUrl,
    type,
    version: req.httpVersion,
    body: type.startsWith('multipart/') ? '' : bytes.toString(),
    file: fileDigest(bytes, type),
  };
}

// Returns the digest of the file that a multipart form contains.
function fileDigest(bytes, type) {
  const boundary = /boundary=([^;]+)/.exec(type)?.[1];
  if (!boundary) return undefined;
  const part = bytes.subarray(bytes.indexOf('filename='));
  const content = part.subarray(part.indexOf('\r\n\r\n') + 4);
  return digestOf(content.subarray(0, content.indexOf(`\r\n--${boundary}`)));
}

function http2Handler() {
  const guards = Object.fromEntries(SCHEMES.map((scheme) => [scheme, guardOf(scheme)]));
  return (req, res) => {
    const [, scheme] = req.url.split('/');
    guards[scheme](req, res, async () => {
      const chunks = await req.toArray();
      const { url: originalUrl, method, headers, httpVersion, sealwire: identity } = req;
      const body = Buffer.concat(chunks);
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify(seen({ originalUrl, method, headers, httpVersion, sealwire: identity, body })));
    });
  };
}

function makeCertificate() {
  const folder = mkdtempSync(join(tmpdir(), 'sealwire-clients-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
  const made = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    key,
    '-out',
    cert,
  ];
  try {
    execFileSync('openssl', ['req', '-x509', ...made, ...subject], { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
