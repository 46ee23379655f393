// Runs all test cases with each client and scheme against real servers, and prints a table. If a test fails,
// the table contains the reason.

import { randomBytes, randomUUID } from 'node:crypto';
import { CLIENTS } from './clients.mjs';
import { digestOf, SCHEMES, signerOf, startServers } from './servers.mjs';

const TIMEOUT_MS = 5_000;
const FILE = randomBytes(100_000);
const ODD = "?name=O'Brien&city=K%C3%B6ln&a=1&a=2&empty=&flag&path=/a/../b&plus=a+b";

const EXPECTED = { status: 200, sender: 'agent' };

// The test cases. Each function returns a request to a path below `/<scheme>`, and the fields that the
// service must receive.
const CASES = {
  'GET, odd query': ({ origin, scheme }) => [{ method: 'GET', url: `${origin}/${scheme}/echo${ODD}` }, {}],
  JSON: ({ origin, scheme }) => [
    { method: 'POST', url: `${origin}/${scheme}/echo`, json: { name: 'Köln' } },
    { body: '{"name":"Köln"}', type: 'application/json' },
  ],
  form: ({ origin, scheme }) => [
    { method: 'POST', url: `${origin}/${scheme}/echo`, form: { a: '1', b: 'ü &' } },
    { body: 'a=1&b=%C3%BC+%26' },
  ],
  upload: ({ origin, scheme }) => [
    { method: 'POST', url: `${origin}/${scheme}/echo`, file: FILE },
    { file: digestOf(FILE) },
  ],
  'retry after 503': ({ origin, scheme }) => [
    { method: 'POST', url: `${origin}/${scheme}/flaky/${randomUUID()}`, json: { a: 1 }, retries: true },
    { body: '{"a":1}' },
  ],
  'redirect 307': ({ origin, scheme }) => [
    { method: 'POST', url: `${origin}/${scheme}/moved/307`, json: { a: 1 } },
    { method: 'POST', url: `/${scheme}/echo?moved=1`, body: '{"a":1}' },
  ],
  'redirect 303': ({ origin, scheme }) => [
    { method: 'POST', url: `${origin}/${scheme}/moved/303`, json: { a: 1 } },
    { method: 'GET', url: `/${scheme}/echo?moved=1`, body: '' },
  ],
  'to another origin': ({ origin, scheme }) => [
    { method: 'POST', url: `${origin}/${scheme}/away/307`, json: { a: 1 } },
    'refused',
  ],
  'HTTP/2': ({ http2Origin, scheme }) => [
    { method: 'POST', url: `${http2Origin}/${scheme}/echo${ODD}`, json: { a: 1 }, http2: true },
    { body: '{"a":1}', version: '2.0' },
  ],
};

async function main() {
  const servers = await startServers();
  const columns = Object.keys(CASES);
  const width = Math.max(...CLIENTS.map(([name]) => name.length));
  const faults = [];
  console.log(['client'.padEnd(width), 'scheme  ', ...columns].join(' | '));
  for (const [name, make, lacks] of CLIENTS) {
    for (const scheme of SCHEMES) {
      const client = make(signerOf(scheme), servers);
      const cells = [];
      for (const column of columns) {
        const lacking = lacks.includes(column) || lacks.includes(`${scheme} ${column}`);
        const cell = lacking ? '-' : await outcome(client, column, { ...servers, scheme });
        if (!['-', 'ok'].includes(cell)) faults.push(`${name}, ${scheme}, ${column}: ${cell}`);
        cells.push(cell.slice(0, column.length).padEnd(column.length));
      }
      console.log([name.padEnd(width), scheme.padEnd(8), ...cells].join(' | '));
    }
  }
  servers.close();
  for (const fault of faults) console.log(fault);
  console.log(`${faults.length} wrong`);
  process.exit(faults.length === 0 ? 0 : 1);
}

// Returns `ok`, or a description of the difference from the expected result.
async function outcome(client, column, context) {
  const [request, expected] = CASES[column](context);
  try {
    const { status, text } = await within(TIMEOUT_MS, client(request));
    if (expected === 'refused') return `status ${status}, and no error`;
    const seen = { status, ...JSON.parse(text || '{}') };
    const wrong = Object.entries({ ...EXPECTED, ...expected }).find(
      ([field, value]) => seen[field] !== value,
    );
    if (!wrong) return 'ok';
    return `${wrong[0]} is ${JSON.stringify(seen[wrong[0]])}, not ${JSON.stringify(wrong[1])}`;
  } catch (error) {
    return expected === 'refused' ? leak(error, context) : described(error);
  }
}

// Returns `ok` if the client refused to sign for the other origin and sent no request to it, otherwise a
// description of the difference.
function leak(error, { received, origin, evilOrigin }) {
  const seen = received.splice(0);
  if (seen.length > 0) return `another origin received ${JSON.stringify(seen)}`;
  const told = chain(error).find(({ code }) => code === 'SEALWIRE_SIGN');
  if (!told) return `an error of another kind: ${described(error)}`;
  const missing = [origin, evilOrigin].find((each) => !told.message.includes(each));
  return missing === undefined ? 'ok' : `the error does not name ${missing}: ${told.message}`;
}

const described = (error) =>
  chain(error)
    .map(({ code, message, response }) => [code, message, response?.data].filter(Boolean).join(' '))
    .join(' <- ');

function chain(error) {
  const causes = [];
  for (let cause = error; cause && causes.length < 6; cause = cause.cause) causes.push(cause);
  return causes;
}

function within(milliseconds, promise) {
  const late = new Promise((_resolve, reject) => {
    setTimeout(reject, milliseconds, new Error(`no response within ${milliseconds} ms`)).unref();
  });
  return Promise.race([promise, late]);
}

await main();
