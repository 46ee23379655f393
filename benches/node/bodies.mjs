// Measures the memory per byte of a body that arrives in small parts over a socket. Each implementation runs
// in a separate process.
// Usage: node --expose-gc bodies.mjs [SUBJECT]

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { hmacAuth, ring, sealwire } from './samples.mjs';

const PIECE = 64;
const PIECES = 131_072;
const SIZE = PIECE * PIECES;
const LIMIT = 2 * SIZE;
const URL_SIGNED = 'https://practices.internal/upload';

const drain = async (req, res) => {
  let read = 0;
  for await (const chunk of req) read += chunk.length;
  res.end(String(read));
};

// Collects the body in one buffer, as application code would.
const collected = async (req, res) => {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  res.end(String(Buffer.concat(chunks).length));
};

const SUBJECTS = {
  sealwire: (app) => {
    const settings = { service: 'practices', keys: ring(), schemes: ['message'], maxBodyBytes: LIMIT };
    app.use(hmacAuth({ ...settings, authorities: ['practices.internal'], replay: 'heap' }));
    app.post('/upload', drain);
  },
  '`express.raw()`': (app) => {
    app.post('/upload', express.raw({ limit: LIMIT, type: () => true }), (req, res) =>
      res.end(String(req.body.length)),
    );
  },
  'an array of chunks': (app) => app.post('/upload', collected),
};

const [subject] = process.argv.slice(2);
if (subject === undefined) {
  const program = fileURLToPath(import.meta.url);
  const measured = (name) => Number(execFileSync(process.execPath, ['--expose-gc', program, name]));
  console.log(
    JSON.stringify(Object.fromEntries(Object.keys(SUBJECTS).map((name) => [name, measured(name)]))),
  );
} else {
  console.log(await perByte(subject));
}

async function perByte(name) {
  const app = express();
  SUBJECTS[name](app);
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await upload(port, prepared(64)); // loads code that would otherwise be loaded during the measurement
  const large = prepared(PIECES);
  global.gc();
  writeFileSync('/proc/self/clear_refs', '5'); // resets the peak memory
  const before = memory('VmRSS');
  await upload(port, large);
  const used = memory('VmHWM') - before;
  server.close();
  server.closeAllConnections();
  return used / SIZE;
}

function prepared(pieces) {
  const signer = new sealwire.Signer({ name: 'agent', keys: ring(), receiver: 'practices' });
  const body = Buffer.alloc(PIECE * pieces, 'a');
  return {
    body,
    headers: { ...signer.sign({ method: 'POST', url: URL_SIGNED, body }), host: 'practices.internal' },
  };
}

// Sends the body in chunks. Each chunk is a separate write.
async function upload(port, { body, headers }) {
  const options = { port, host: '127.0.0.1', method: 'POST', path: '/upload', headers, setHost: false };
  const sent = httpRequest(options);
  const response = new Promise((resolve, reject) => sent.on('response', resolve).on('error', reject));
  for (let at = 0; at < body.length; at += PIECE) {
    if (!sent.write(body.subarray(at, at + PIECE)))
      await new Promise((resolve) => sent.once('drain', resolve));
  }
  sent.end();
  let text = '';
  for await (const chunk of await response) text += chunk;
  if (text !== String(body.length)) throw new Error(`the application responded ${text}`);
}

function memory(name) {
  const line = readFileSync('/proc/self/status', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${name}:`));
  return Number(line.split(/\s+/)[1]) * 1024;
}
