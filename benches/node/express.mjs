// Measures the time per request of a middleware that is called directly, and of one in an Express application
// without sockets.

import { IncomingMessage, ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';
import express from 'express';
import { asyncRound, round, run } from './harness.mjs';
import * as byHand from './by-hand.mjs';
import { CLIENT, METHOD, SECRET, TARGET, hmacAuth, incoming, sealwire } from './samples.mjs';

const fresh = () => incoming(sealwire.signRequest(METHOD, TARGET, SECRET, CLIENT));
const guards = () => ({
  sealwire: hmacAuth({ clientId: CLIENT, sharedSecret: SECRET, replay: 'heap' }),
  'node:crypto + lru-cache': byHand.middleware(CLIENT, SECRET),
});

export function alone(rounds) {
  const subjects = Object.entries(guards()).map(([name, guard]) => [
    name,
    round(
      500,
      (request) => {
        let passed = false;
        guard(request, refusing, () => (passed = true));
        if (!passed) throw new Error(`${name} rejected a valid request`);
      },
      fresh,
    ),
  ]);
  return run('node-express', rounds, Object.fromEntries(subjects));
}

const refusing = { hasHeader: () => false, setHeader() {}, end() {} };

export function within(rounds) {
  const guarded = Object.entries({ ...guards(), none: (_req, _res, next) => next() });
  const subjects = guarded.map(([name, guard]) => {
    const app = express();
    app.disable('x-powered-by');
    app.use(guard);
    app.post(TARGET, (_req, res) => res.status(200).send('{}'));
    return [name, asyncRound(200, (request) => answered(app, request), real)];
  });
  return run('node-express-app', rounds, Object.fromEntries(subjects));
}

// Returns an IncomingMessage like those of Node's HTTP parser, but with a socket that is not connected.
function real() {
  const { method, url, headers, rawHeaders } = fresh();
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const request = Object.assign(new IncomingMessage(socket), { method, url, httpVersion: '1.1', rawHeaders });
  request.httpVersionMajor = request.httpVersionMinor = 1;
  Object.assign(request.headers, headers);
  const response = new ServerResponse(request);
  response.assignSocket(socket);
  return { request, response };
}

function answered(app, { request, response }) {
  return new Promise((resolve, reject) => {
    response.on('finish', () => {
      if (response.statusCode === 200) resolve();
      else reject(new Error(`answered ${response.statusCode}`));
    });
    app(request, response);
  });
}
