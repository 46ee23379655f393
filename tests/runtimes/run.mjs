// Runs the tests of the Node package on every supported runtime, and prints a table. `--short` runs a few files
// and does not write record.json.
//
// exceptions.json lists the tests that a runtime cannot pass, with the reasons. The run fails if another test
// fails. The complete run also fails if a test in exceptions.json passes. Tests that are marked with `isRare`
// fail only occasionally, so they are repeated.

import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const SUITE = path.join(HERE, '../../bindings-node');
const ISOLATED = path.join(SUITE, 'test/support/isolated.js');
const TIMEOUT_MS = 240_000;

const program = (file) => path.join(HERE, 'node_modules', file);
const node = (major) => ({
  program: program(`node${major}/bin/node`),
  args: ['--require', ISOLATED, '--test-reporter', 'tap', '--test'],
});

// The tests use the API of `node:test`, which Bun and Deno implement too.
const RUNTIMES = {
  'Node 20': node(20),
  'Node 22': node(22),
  'Node 24': node(24),
  'Node 26': node(26),
  Bun: {
    program: program('@oven/bun-linux-x64/bin/bun'),
    args: ['test', '--timeout', '60000', '--preload', ISOLATED],
  },
  Deno: {
    program: program('@deno/linux-x64-glibc/deno'),
    args: ['test', '-A', '--no-check', '--no-lock', '--reporter=tap', '--preload', ISOLATED],
  },
};

const FOLDERS = ['test', 'test/clients', 'test/servers'];
const SHORT = [
  'urls.test.js',
  'native.test.js',
  'h3.test.mjs',
  'clients/fetch.test.mjs',
  'servers/web.test.mjs',
];

// This test file needs the edge build, so `make edge` runs it instead.
const EDGE = 'edge.test.mjs';

const EXCEPTIONS = JSON.parse(readFileSync(path.join(HERE, 'exceptions.json'), 'utf8'));

function files(isShort) {
  if (isShort) return SHORT.map((file) => `test/${file}`);
  const inFolder = (folder) =>
    readdirSync(path.join(SUITE, folder))
      .filter((name) => /\.test\.m?js$/.test(name) && name !== EDGE)
      .map((name) => `${folder}/${name}`);
  return FOLDERS.flatMap(inFolder).sort();
}

// Runs one test file. Resolves to the number of passed tests and the names of the failed ones.
function runFile({ program, args }, file) {
  const options = { cwd: SUITE, timeout: TIMEOUT_MS, maxBuffer: 1 << 28, killSignal: 'SIGKILL' };
  return new Promise((resolve) => {
    execFile(program, [...args, `./${file}`], options, (error, stdout, stderr) => {
      const { passed, failed } = results(`${stdout}\n${stderr}`);
      const isSilent = failed.length === 0 && (error || passed === 0);
      resolve({ passed, failed: isSilent ? [`${file}: ${error?.signal ?? 'no result'}`] : failed });
    });
  });
}

const FAILED = /^\s*not ok \d+ - (?<tap>.*)$|^\(fail\) (?<bun>.*?)(?: \[[\d.]+m?s\])?$/;

// Parses TAP and Bun's output. A suite is not counted as failed if one of its tests is.
function results(output) {
  const lines = output.split('\n');
  const passed = lines.filter((line) => /^\s*ok \d|^\(pass\)/.test(line)).length;
  const failed = lines.flatMap((line, at) => {
    const found = FAILED.exec(line)?.groups;
    const isSuite = lines.slice(at, at + 8).some((each) => /type: 'suite'|subtestsFailed/.test(each));
    return found === undefined || isSuite ? [] : [found.tap ?? found.bun];
  });
  return { passed, failed };
}

const isExcepted = (runtime, file, test) =>
  EXCEPTIONS.find(
    (each) =>
      each.runtimes.includes(runtime) && each.file === file && (!each.test || test.includes(each.test)),
  );

const ATTEMPTS = 4;

async function runFileAgain(name, runtime, file, attempt = 1) {
  const result = await runFile(runtime, file);
  const isRare = result.failed.some((test) => isExcepted(name, file.replace('test/', ''), test)?.isRare);
  return isRare && attempt < ATTEMPTS ? runFileAgain(name, runtime, file, attempt + 1) : result;
}

const versionOf = ({ program }) =>
  execFileSync(program, ['--version'], { encoding: 'utf8' })
    .split('\n')[0]
    .replace(/^(?:deno |v)/, '')
    .split(' ')[0];

async function runtimeRow(name, runtime, list) {
  const row = {
    runtime: name,
    version: versionOf(runtime),
    files: list.length,
    passed: 0,
    excepted: [],
    faults: [],
  };
  const used = new Set();
  for (const file of list) {
    const { passed, failed } = await runFileAgain(name, runtime, file);
    row.passed += passed;
    for (const test of failed) {
      const exception = isExcepted(name, file.replace('test/', ''), test);
      if (exception) used.add(exception);
      (exception ? row.excepted : row.faults).push(`${file.replace('test/', '')}: ${test}`);
    }
  }
  return { ...row, used };
}

const unusedExceptions = (name, used) =>
  EXCEPTIONS.filter((each) => each.runtimes.includes(name) && !each.isRare && !used.has(each)).map(
    ({ file, test }) => `${file}: ${test ?? 'all tests'} is an exception, but passes`,
  );

const README = readFileSync(path.join(SUITE, 'README.md'), 'utf8');

// The README must contain the tested version of each runtime.
const readmeFaults = ({ runtime, version }) =>
  README.includes(`| ${runtime} | ${version} |`) ? [] : [`the README does not name version ${version}`];

const RECORD = path.join(HERE, 'record.json');

// Replaces the results of the tested runtimes in record.json.
function writeRecord(rows) {
  const others = JSON.parse(readFileSync(RECORD, 'utf8')).filter((row) =>
    rows.every(({ runtime }) => runtime !== row.runtime),
  );
  const order = Object.keys(RUNTIMES);
  const all = [...others, ...rows].sort((a, b) => order.indexOf(a.runtime) - order.indexOf(b.runtime));
  writeFileSync(RECORD, `${JSON.stringify(all, undefined, 1)}\n`);
}

async function main(args) {
  const isShort = args.includes('--short');
  const only = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
  const rows = [];
  console.log('runtime  | version  | files | passed | exceptions | failed');
  for (const [name, runtime] of Object.entries(RUNTIMES)) {
    if (only && name !== only) continue;
    const { used, ...row } = await runtimeRow(name, runtime, files(isShort));
    row.faults.push(...readmeFaults(row));
    if (!isShort) row.faults.push(...unusedExceptions(name, used));
    rows.push(row);
    const cells = [name.padEnd(8), row.version.padEnd(8), String(row.files).padStart(5)];
    console.log(
      [
        ...cells,
        String(row.passed).padStart(6),
        String(row.excepted.length).padStart(10),
        row.faults.length,
      ].join(' | '),
    );
    for (const fault of row.faults) console.log(`  ${fault}`);
  }
  if (!isShort) writeRecord(rows);
  process.exit(rows.every(({ faults }) => faults.length === 0) ? 0 : 1);
}

await main(process.argv.slice(2));
