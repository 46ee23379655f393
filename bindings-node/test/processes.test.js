'use strict';

// Tests of worker threads and processes that share replay tables.

const assert = require('node:assert/strict');
const { execFile, fork } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { promisify } = require('node:util');
const { Worker } = require('node:worker_threads');

const { KeyRing, ReplayTable, Verifier } = require('..');
const { nonces } = require('./support/signing.js');
const { CLIENT, SECRET, plainHeaders } = require('./support/plain.js');

const WORKER = path.join(__dirname, 'support', 'worker.js');
const SIGNING = path.join(__dirname, 'support', 'signing.js');

function requests(count) {
  return Array.from({ length: count }, () => ({
    method: 'GET',
    url: '/x',
    headers: plainHeaders('GET', '/x'),
  }));
}

// Returns the result of each worker, such as the number of accepted requests.
const inThreads = (count, job, file = WORKER) =>
  Promise.all(
    Array.from({ length: count }, () => {
      const worker = new Worker(file, { workerData: job });
      return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    }),
  );

const inProcesses = (count, job) =>
  Promise.all(
    Array.from({ length: count }, () => {
      const child = fork(WORKER, { serialization: 'advanced' });
      child.send(job);
      return new Promise((resolve, reject) => child.once('message', resolve).once('error', reject));
    }),
  );

const passed = (results) => results.reduce((sum, result) => sum + result.passed, 0);

test('worker threads share a table by name: each request is accepted once', async () => {
  const job = { requests: requests(200), replay: { sharedAs: 'threads' } };
  // The main thread also opens the table, so that it can read the fill level.
  const held = ReplayTable.heap({ sharedAs: 'threads', acceptOlder: true });
  assert.equal(passed(await inThreads(4, job)), 200);
  assert.ok(held.fill().live > 0);
});

// A thread requests random bytes for many nonces at once.
test('nonces are unique, in one thread and in several', async () => {
  const EACH = 5000;
  const signed = [nonces(EACH), ...(await inThreads(3, EACH, SIGNING)), nonces(EACH)];
  const told = signed.flat();
  assert.equal(told.length, 5 * EACH);
  assert.equal(new Set(told).size, 5 * EACH);
});

test('a warning is emitted for worker threads without a shared table', async () => {
  const results = await inThreads(2, { requests: requests(10), replay: {} });
  assert.deepEqual(results, [
    { passed: 10, warnings: ['SEALWIRE_HEAP_IN_THREAD'] },
    { passed: 10, warnings: ['SEALWIRE_HEAP_IN_THREAD'] },
  ]);
});

test('a warning is emitted for a cluster worker with a separate table', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    path.join(__dirname, 'support', 'cluster.js'),
  ]);
  assert.equal(stdout, 'SEALWIRE_HEAP_IN_CLUSTER');
});

test('a thread that exits does not affect others', async () => {
  const job = { requests: requests(5), replay: { sharedAs: 'ended' } };
  assert.equal(passed(await inThreads(2, job)), 5);
  assert.equal(passed(await inThreads(2, job)), 0, 'the table outlives the threads that shared it');
  const verifier = new Verifier({
    keys: new KeyRing({ clients: { [CLIENT]: SECRET } }),
    schemes: ['client'],
  });
  assert.equal(verifier.verify(requests(1)[0]).sender, CLIENT);
});

test('processes share a table in a file: each request is accepted once', async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'sealwire-'));
  try {
    const job = { requests: requests(200), replay: { path: path.join(directory, 'iam.replay') } };
    assert.equal(passed(await inProcesses(3, job)), 200);
    assert.equal(passed(await inProcesses(1, job)), 0, 'after a restart too');
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a file that is not a table causes an error that contains the file name', () => {
  assert.throws(() => ReplayTable.mapped(__filename), {
    code: 'SEALWIRE_REPLAY',
    message: /processes\.test\.js/,
  });
});
