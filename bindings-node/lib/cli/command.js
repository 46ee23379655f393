'use strict';

// The `sealwire explain` command. It has the same options as the Python package's command.

const { parseArgs } = require('node:util');
const { explain } = require('../../explain.js');
const { KeyRing } = require('../key-ring.js');
const { load } = require('../secrets/file.js');
const { contentOf, lastLineOf } = require('./input.js');

const REFUSED = 2;

const USAGE = `Usage: sealwire explain [OPTIONS] CAPTURED

Find out why a CAPTURED request was rejected.

CAPTURED is a file that contains raw HTTP/1, the output of curl -v, a HAR file, JSON, a browser's "copy as cURL" or "copy
as fetch", or a log record. Pass - to read standard input. Secrets, signatures and bodies are not printed.

The exit code is 0 if the cause is proven, 1 if it was not found, and 2 if the input is invalid.

Options:
  --keys FILE          The key file: TOML, JSON or .env. Required. References to environment variables are resolved.
  --service NAME       The service that rejected the request. Required unless the scheme is client.
  --log LINE           The verifier's log line. @FILE reads the last line of a file.
  --sent FILE          The same request, as captured at the sender.
  --at TIME            The time of arrival: a Unix time in seconds, or ISO 8601.
  --past SECONDS       The maximum timestamp age that the service accepts.
  --future SECONDS     The maximum time that a timestamp may be in the future.
  --prefix PATH        A path prefix that a proxy removes.
  --host HOST          A host that the sender may have called. Repeatable.
  --authority HOST     A host in the service's authorities setting. Repeatable.
  --ignore-authority   The service's ignoreAuthority setting.
  --scheme SCHEME      An accepted scheme. Repeatable.
  --url-scheme SCHEME  The service's scheme setting: http or https.
  --entry INDEX        The index of the request, if the capture contains several.
  --table NAME         The table that contains the issuer's keys, in a larger file.
  --allow-weak         Accept secrets shorter than 32 bytes.
  --json               Print JSON.
`;

const TEXT = { type: 'string' };
const LIST = { type: 'string', multiple: true };
const OPTIONS = {
  keys: TEXT,
  service: TEXT,
  log: TEXT,
  sent: TEXT,
  at: TEXT,
  past: TEXT,
  future: TEXT,
  prefix: TEXT,
  host: LIST,
  authority: LIST,
  'ignore-authority': { type: 'boolean' },
  scheme: LIST,
  'url-scheme': TEXT,
  entry: TEXT,
  table: TEXT,
  'allow-weak': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

// Runs the command and returns its exit code.
async function run(words, out = process.stdout, err = process.stderr) {
  try {
    const { values, positionals } = parseArgs({ args: words, options: OPTIONS, allowPositionals: true });
    if (values.help) {
      out.write(USAGE);
      return 0;
    }
    const [command, captured, ...more] = positionals;
    if (command !== 'explain' || captured === undefined || more.length > 0) {
      err.write(USAGE);
      return REFUSED;
    }
    const { text, ...result } = explain(await input(captured, values));
    out.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : text);
    return result.exitCode;
  } catch (cause) {
    err.write(`sealwire: ${messageOf(cause)}\n`);
    return REFUSED;
  }
}

async function input(captured, values) {
  if (values.keys === undefined) throw new Error('--keys: pass the key file');
  const { table, 'allow-weak': allowWeak = false } = values;
  return {
    capture: await contentOf(captured, 'CAPTURED'),
    keys: new KeyRing(await load(values.keys, { table, allowWeak })),
    service: values.service,
    log: await lineOf(values.log),
    sent: values.sent === undefined ? undefined : await contentOf(values.sent, '--sent'),
    at: values.at,
    past: numberOf('past', values.past),
    future: numberOf('future', values.future),
    entry: numberOf('entry', values.entry),
    prefix: values.prefix,
    hosts: values.host,
    authorities: values.authority,
    ignoreAuthority: values['ignore-authority'],
    schemes: values.scheme,
    scheme: values['url-scheme'],
  };
}

function numberOf(name, text) {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new Error(`--${name}: pass a whole number that is not negative`);
  return Number(text);
}

// Returns the log line, or the last line of the given file.
async function lineOf(line) {
  return line?.startsWith('@') ? lastLineOf(line.slice(1), '--log') : line;
}

// Returns the message of an error. The message of an unexpected error is not shown, because it can contain a secret.
function messageOf(cause) {
  const { code = '', message, path, syscall } = cause;
  if (syscall !== undefined) return `${path ?? syscall}: ${code}`;
  const isTold =
    code.startsWith('SEALWIRE_') || code.startsWith('ERR_PARSE_ARGS') || message.startsWith('--');
  return isTold ? message : `unexpected ${cause.name}; this is a fault of the command`;
}

module.exports = { run };
