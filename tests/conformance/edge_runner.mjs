// Runs the shared test vectors with the edge-runtime build and prints one line per test case. See run.py.
// This program runs on Node.js, Bun and Deno.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import * as sealwire from '../../bindings-node/edge/dist/standalone/edge.mjs';
import { joinHead, native, splitUrl } from '../../bindings-node/edge/dist/standalone/internals.mjs';
import { results } from './node_results.mjs';

const tested = { sealwire, joinHead, splitUrl, native };
for (const file of process.argv.slice(2)) {
  const { cases } = JSON.parse(readFileSync(file, 'utf8'));
  for await (const line of results(tested, path.basename(file, '.json'), cases)) console.log(line);
}
