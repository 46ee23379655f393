'use strict';

// A service with several worker threads. Each thread has a verifier with default settings. The main thread
// distributes the requests to the worker threads in turn.

const { createRequire } = require('node:module');
const http = require('node:http');
const path = require('node:path');
const { isMainThread, parentPort, threadId, Worker } = require('node:worker_threads');

if (isMainThread) {
  const [port, threads] = process.argv.slice(2).map(Number);
  const workers = Array.from({ length: threads }, () => new Worker(__filename));
  const waiting = new Map();
  let turn = 0;
  for (const worker of workers) {
    worker.on('message', ({ number, status, body }) => {
      const res = waiting.get(number);
      waiting.delete(number);
      res.writeHead(status).end(body);
    });
  }
  http
    .createServer((req, res) => {
      turn += 1;
      waiting.set(turn, res);
      const { method, url, rawHeaders } = req;
      workers[turn % threads].postMessage({ number: turn, request: { method, url, headers: rawHeaders } });
    })
    .listen(port, '127.0.0.1');
} else {
  const installed = createRequire(path.resolve(__dirname, '../../../bindings-node/package.json'));
  const { KeyRing, Verifier } = installed('sealwire');
  const { TEST_CLIENT: id, TEST_SECRET: secret } = process.env;
  const verifier = new Verifier({ keys: new KeyRing({ clients: { [id]: secret } }), schemes: ['client'] });
  parentPort.on('message', ({ number, request }) => {
    try {
      verifier.verify(request);
      parentPort.postMessage({ number, status: 200, body: JSON.stringify({ worker: threadId }) });
    } catch (error) {
      parentPort.postMessage({
        number,
        status: error.status ?? 500,
        body: error.publicText ?? error.message,
      });
    }
  });
}
