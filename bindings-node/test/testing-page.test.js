'use strict';

// Runs the examples in docs/testing.md. The files of each section are written to a separate folder.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { promisify } = require('node:util');

const PAGE = readFileSync(path.join(__dirname, '../../docs/testing.md'), 'utf8');
const BLOCK = /^```js\n\/\/ (\S+)\n(.*?)^```/gms;
const sections = [...PAGE.matchAll(/^## (.+?)\n(.*?)(?=^## |$(?![^]))/gms)]
  .map(([, title, text]) => [title, [...text.matchAll(BLOCK)].map(([, name, code]) => [name, code])])
  .filter(([, files]) => files.length > 0);

test('every block contains the name of its file', () => {
  const files = sections.flatMap(([, found]) => found);
  assert.equal(PAGE.match(/^```js$/gm).length, files.length);
  assert.deepEqual(
    sections.map(([title]) => title),
    ['Express', 'Fastify', 'Hono, h3 and other servers that use Request and Response', 'Time'],
  );
});

for (const [title, files] of sections) {
  test(`the examples run: ${title}`, async () => {
    // The folder is inside the package, so that `sealwire` resolves to this package.
    const folder = mkdtempSync(path.join(__dirname, 'page-'));
    try {
      for (const [name, code] of files) writeFileSync(path.join(folder, name), code);
      const tests = files.map(([name]) => name).filter((name) => name.includes('.test.'));
      const { NODE_TEST_CONTEXT, ...env } = process.env;
      const run = ['--test', '--test-reporter=tap', ...tests];
      const { stdout } = await promisify(execFile)(process.execPath, run, { cwd: folder, env });
      const expected = files.map(([, code]) => code.match(/^test\(/gm)?.length ?? 0);
      assert.match(stdout, new RegExp(`^# pass ${expected.reduce((sum, each) => sum + each)}$`, 'm'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test('the first test of Express has fewer than ten lines', () => {
  const [, files] = sections.find(([title]) => title === 'Express');
  const [, code] = files.find(([name]) => name === 'service.test.mjs');
  assert.ok(code.split('\n').filter((line) => line.trim() !== '').length < 10);
});
