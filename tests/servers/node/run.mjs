// Sends all kinds of requests to each server in each scheme, and prints a table. If a test fails, the table
// contains the error. `--built` adds the servers that need a build or another runtime. `--record=FILE` writes
// the table to a file.

import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import calls from '../../../bindings-node/test/support/calls.js';
import { SERVERS } from './apps.mjs';

const { CONFIG, HONEST, SCHEMES, signed } = calls;
const TIMEOUT_MS = 10_000;
// A query as `fetch` sends it. It changes if a server decodes and re-encodes it.
const ODD = '/x?name=O%27Brien&city=K%C3%B6ln&a=1&a=2&empty=&flag&plus=a+b%20c&path=/a/../b&at=@:,';
const LARGE = HONEST['an upload of 200 KB'].body;

// Each function tests one kind of request. It resolves to undefined, to a description of the error, or to `-`
// if the server does not support such requests.
const COLUMNS = {
  GET: ({ send }, scheme) => accepted(send, scheme, HONEST.GET),
  'odd query': ({ send, losesQuery }, scheme) =>
    losesQuery && scheme !== 'pairwise' ? '-' : accepted(send, scheme, { path: ODD }),
  JSON: ({ send }, scheme) => accepted(send, scheme, HONEST.JSON),
  'upload 200 KB': ({ send }, scheme) => accepted(send, scheme, HONEST['an upload of 200 KB']),
  chunked: ({ send }, scheme) => accepted(send, scheme, HONEST['a chunked upload']),
  forged: async ({ send }, scheme) => {
    const request = {
      ...signed(scheme, { method: 'POST', body: '{"a":1}', length: true, path: '/y' }),
      path: '/x',
    };
    return wrongStatus(401, await send(request)) ?? wrongStatus(401, await send(unsigned(request)));
  },
  'no body read': async ({ send, sendHead }, scheme) => {
    if (!sendHead) return '-';
    return (
      wrongStatus(401, await sendHead(forgedHead(scheme), LARGE.length)) ?? accepted(send, scheme, HONEST.GET)
    );
  },
  'HTTP/2': async ({ sendTwo, sendHeadTwo }, scheme) => {
    if (!sendTwo) return '-';
    for (const what of ['GET', 'JSON', 'an upload of 200 KB', 'a chunked upload']) {
      const wrong = await accepted(sendTwo, scheme, HONEST[what]);
      if (wrong) return `${what}: ${wrong}`;
    }
    return wrongStatus(401, await sendHeadTwo(forgedHead(scheme)));
  },
};

// Returns a request that a server can reject without reading its body. In `pairwise`, the request is
// unsigned, because one MAC covers the path and the body, so a wrong path cannot be detected without the
// body.
function forgedHead(scheme) {
  const request = { ...signed(scheme, { method: 'POST', body: LARGE, path: '/y' }), path: '/x' };
  return scheme === 'pairwise' ? unsigned(request) : request;
}

const unsigned = ({ headers: { Host, ...headers }, ...request }) => ({
  ...request,
  headers: {
    Host,
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => /^content-/i.test(name))),
  },
});

async function accepted(send, scheme, what) {
  const { status, text } = await send(signed(scheme, what));
  if (status !== 200) return `status ${status}: ${text.slice(0, 80)}`;
  const found = JSON.parse(text);
  const expected = {
    sender: scheme === 'client' ? 'cli' : 'agent',
    scheme,
    length: what.body?.length ?? 0,
  };
  const wrong = Object.keys(expected).find((field) => found[field] !== expected[field]);
  return wrong && `${wrong} is ${found[wrong]}, not ${expected[wrong]}`;
}

const wrongStatus = (expected, { status }) =>
  status === expected ? undefined : `status ${status}, not ${expected}`;

async function cell(run) {
  const late = wait(TIMEOUT_MS, 'hangs', { ref: false });
  try {
    return (await Promise.race([run(), late])) ?? 'ok';
  } catch (error) {
    return String(error?.message ?? error);
  }
}

async function main(args) {
  const servers = { ...SERVERS, ...(args.includes('--built') && (await import('./built.mjs')).BUILT) };
  const width = Math.max(...Object.keys(servers).map((name) => name.length));
  const columns = Object.keys(COLUMNS);
  const [rows, faults] = [[], []];
  console.log(['server'.padEnd(width), 'scheme  ', ...columns].join(' | '));
  for (const [name, start] of Object.entries(servers)) {
    const host = await start(CONFIG);
    for (const scheme of SCHEMES) {
      const cells = {};
      for (const column of columns) {
        cells[column] = await cell(() => COLUMNS[column](host, scheme));
        if (!['ok', '-'].includes(cells[column]))
          faults.push(`${name}, ${scheme}, ${column}: ${cells[column]}`);
      }
      rows.push({ server: name, scheme, ...cells });
      const shown = columns.map((column) => cells[column].slice(0, column.length).padEnd(column.length));
      console.log([name.padEnd(width), scheme.padEnd(8), ...shown].join(' | '));
    }
    await host.close();
  }
  for (const fault of faults) console.log(fault);
  console.log(`${faults.length} wrong of ${rows.length * columns.length}`);
  const record = args.find((arg) => arg.startsWith('--record='))?.slice('--record='.length);
  if (record) writeFileSync(record, `${JSON.stringify({ node: process.version, rows }, undefined, 1)}\n`);
  process.exit(faults.length === 0 ? 0 : 1);
}

await main(process.argv.slice(2));
