'use strict';

// Verifies requests in a worker thread or a child process, and reports the number of accepted requests.

const { parentPort, workerData } = require('node:worker_threads');
const { KeyRing, ReplayTable, Verifier } = require('../..');
const { CLIENT, SECRET } = require('./plain.js');

const warnings = [];
process.on('warning', ({ code }) => warnings.push(code));

async function work({ requests, replay: { path, ...options } }) {
  const table = path
    ? ReplayTable.mapped(path, { acceptOlder: true })
    : ReplayTable.heap({ acceptOlder: true, ...options });
  const keys = new KeyRing({ clients: { [CLIENT]: SECRET } });
  const verifier = new Verifier({ keys, schemes: ['client'], replay: table });
  const passed = requests.filter((request) => passes(verifier, request)).length;
  await new Promise(setImmediate); // process.emitWarning emits the warning on the next tick
  return { passed, warnings };
}

function passes(verifier, request) {
  try {
    verifier.verify(request);
    return true;
  } catch (error) {
    if (error.code === 'replayed') return false;
    throw error;
  }
}

if (parentPort) work(workerData).then((result) => parentPort.postMessage(result));
else process.once('message', async (job) => process.send(await work(job), () => process.disconnect()));
