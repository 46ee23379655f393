// A worker thread that verifies requests with a replay table in a file. See workers.mjs.

import { parentPort, workerData } from 'node:worker_threads';
import { CLIENT, METHOD, SECRET, TARGET, incoming, ring, sealwire } from './samples.mjs';

const { ReplayTable, Verifier, signRequest } = sealwire;
const waiting = new Int32Array(workerData.waiting);
const keys = ring();

parentPort.on('message', ({ file, requests, threads }) => {
  // The number of slots is four times the number of requests, because one sender may use at most half of the
  // table.
  const replay = ReplayTable.mapped(file, { slots: requests * threads * 4, acceptOlder: true });
  const verifier = new Verifier({ service: 'iam', keys, schemes: ['client'], replay });
  const signed = Array.from({ length: requests }, () =>
    incoming(signRequest(METHOD, TARGET, SECRET, CLIENT)),
  );
  startTogether(threads);
  const began = process.hrtime.bigint();
  for (const { rawHeaders } of signed) verifier.verify({ method: METHOD, url: TARGET, headers: rawHeaders });
  parentPort.postMessage([began, process.hrtime.bigint()]);
});

// Waits until all threads are ready. This loop makes no system calls, so that all threads start at nearly the
// same time.
function startTogether(threads) {
  Atomics.add(waiting, 0, 1);
  while (Atomics.load(waiting, 0) < threads);
}
