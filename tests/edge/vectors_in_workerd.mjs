// Runs the shared vectors in workerd and prints one line per test case. tests/conformance/edge_runner.mjs
// does the same in other runtimes.
//
// Usage: node vectors_in_workerd.mjs RUNNER FILE...
// workerd cannot read files, so this program sends them to a Worker and does not use RUNNER.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { bundle, startWorker, temporaryFolder } from './workerd.mjs';

const require = createRequire(import.meta.url);
const { freePort } = require('../../bindings-node/test/support/ports.js');
const { eventually } = require('../../bindings-node/test/packaging/server.js');

const folder = temporaryFolder();
await bundle('vectors_worker.mjs', folder);
const port = await freePort();
const worker = startWorker(folder, 'worker.mjs', { port });
try {
  for (const file of process.argv.slice(3)) {
    const { cases } = JSON.parse(readFileSync(file, 'utf8'));
    const body = JSON.stringify({ stem: path.basename(file, '.json'), cases });
    const response = await eventually(() => fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body }));
    if (!response.ok) throw new Error(`${file}: ${await response.text()} ${worker.log}`);
    process.stdout.write(await response.text());
  }
} finally {
  worker.kill();
}
