'use strict';

// Functions that sign requests and send them over HTTP/1 and HTTP/2, for tests of servers.

const http2 = require('node:http2');
const { KeyRing, Signer } = require('../..');
const { send } = require('./serve.js');

const PAIR = 'dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==';
const CLI_SECRET = 'a client secret of more than thirty-two bytes';
const KEYS = new KeyRing({ pairs: { 'agent/practices': PAIR }, clients: { cli: CLI_SECRET } });
const SCHEMES = ['message', 'pairwise', 'client'];
// The settings of a server that accepts all schemes.
const CONFIG = { keys: KEYS, service: 'practices', schemes: SCHEMES, authorities: ['practices.test'] };

const SIGNERS = Object.fromEntries(
  SCHEMES.map((scheme) => [
    scheme,
    new Signer({
      name: scheme === 'client' ? 'cli' : 'agent',
      keys: KEYS,
      schemes: [scheme],
      receiver: scheme === 'client' ? undefined : 'practices',
    }),
  ]),
);

const LARGE = JSON.stringify({ text: 'x'.repeat(200_000) });

// Requests that all servers must accept, by name.
const HONEST = {
  GET: {},
  JSON: { method: 'POST', body: '{"a":1}', length: true },
  'an upload of 200 KB': { method: 'POST', body: LARGE, length: true },
  'a chunked upload': { method: 'POST', body: LARGE },
  'an empty chunked body': { method: 'POST', body: '' },
  DELETE: { method: 'DELETE' },
};

// Returns a signed request. `sent` is the body that is sent, if it differs from the body that was signed.
function signed(scheme, { method = 'GET', path = '/x?a=1', body, length, sent = body }, scheme_ = 'http') {
  const headers = SIGNERS[scheme].sign({ method, url: `${scheme_}://practices.test${path}`, body });
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const size = length ? { 'Content-Length': String(Buffer.byteLength(sent)) } : {};
  return { method, path, headers: { Host: 'practices.test', ...headers, ...type, ...size }, body: sent };
}

const sendOne = (origin, { body, headers, ...request }) => {
  const chunked = body !== undefined && headers['Content-Length'] === undefined;
  const framing = chunked ? { 'Transfer-Encoding': 'chunked' } : {};
  return send(origin, { ...request, headers: { ...headers, ...framing }, body: body ?? [] });
};

// Sends a request over HTTP/2. Resolves to the status and the text of the response. If `isOpen` is true, the body is not sent.
async function sendTwo(origin, { method, path, headers, body }, { isOpen = false } = {}) {
  const client = http2.connect(origin);
  try {
    const { Host: authority, ...rest } = headers;
    const stream = client.request(
      { ':method': method, ':path': path, ':authority': authority, ...rest },
      { endStream: body === undefined && !isOpen },
    );
    if (body !== undefined && !isOpen) stream.end(body);
    return await answered(stream);
  } finally {
    client.destroy();
  }
}

function answered(stream) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let headers;
    stream.on('response', (received) => (headers = received));
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () =>
      resolve({ status: headers?.[':status'], headers, text: Buffer.concat(chunks).toString() }),
    );
    stream.on('error', reject);
  });
}

// Runs a server with `handler` over HTTP/2 without TLS while `use` runs.
async function servingTwo(handler, use) {
  const server = http2.createServer(handler).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    return await use(`http://127.0.0.1:${server.address().port}`, server);
  } finally {
    server.close();
  }
}

// The handler of an application that uses the middleware. It reads the body as a stream and responds with the length of the body.
async function report(req, res) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  res.end(
    JSON.stringify({ sender: req.sealwire?.sender, scheme: req.sealwire?.scheme, length: text.length }),
  );
}

module.exports = {
  CLI_SECRET,
  CONFIG,
  HONEST,
  KEYS,
  PAIR,
  report,
  SCHEMES,
  sendOne,
  sendTwo,
  servingTwo,
  signed,
  SIGNERS,
};
