'use strict';

// Runs the shared test vectors with the Node.js package and prints one line per test case. See run.py.

const { readFileSync } = require('node:fs');
const path = require('node:path');

const { explain } = require('../../bindings-node/explain.js');
const sealwire = { ...require('../../bindings-node'), explain };
const { joinHead, splitUrl } = require('../../bindings-node/lib/head.js');
const native = require('../../bindings-node/lib/native.js');

async function main() {
  const { results } = await import('./node_results.mjs');
  const tested = { sealwire, joinHead, splitUrl, native };
  for (const file of process.argv.slice(2)) {
    const { cases } = JSON.parse(readFileSync(file, 'utf8'));
    for await (const line of results(tested, path.basename(file, '.json'), cases)) console.log(line);
  }
}

main();
