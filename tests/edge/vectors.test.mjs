// Runs the shared vectors with the edge build in Bun, Deno and workerd. `make test-conformance` runs them in Node.js.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../..');
const modules = path.join(here, 'node_modules');

const RUNTIMES = {
  Bun: `${modules}/@oven/bun-linux-x64/bin/bun run`,
  Deno: `${modules}/@deno/linux-x64-glibc/deno run --quiet --allow-read --allow-env --no-config`,
  workerd: `${process.execPath} ${here}/vectors_in_workerd.mjs`,
};

for (const [name, command] of Object.entries(RUNTIMES)) {
  test(`every vector in ${name}`, () => {
    const python = path.join(root, '.venv/bin/python');
    const runner = path.join(root, 'tests/conformance/run.py');
    const done = spawnSync(python, [runner, '--only', 'edge'], {
      env: { ...process.env, EDGE_RUNTIME: command },
      encoding: 'utf8',
    });
    assert.match(done.stdout, /\b[1-9]\d* passed, 0 failed$/m, done.stdout + done.stderr);
    assert.equal(done.status, 0);
  });
}
