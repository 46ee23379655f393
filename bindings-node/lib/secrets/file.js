'use strict';

// Reads key files and mode files. The native addon parses the files, and secret sources resolve the references.

const { isUint8Array } = require('../brands.js');
const { checkSettings } = require('../check-settings.js');
const { failure } = require('../errors.js');
const { LoadedKeys } = require('../loaded-keys.js');
const native = require('../native.js');
const { env } = require('./sources.js');

// Resolves to the keys in a file, to pass to `new KeyRing` or `ring.replace`. All references are resolved. Rejects with an
// error whose `code` is SEALWIRE_KEYS and whose message contains the entry and the reference.
async function load(path, options = {}) {
  checkSettings('load', options, 'load()');
  const { sources = [env()], table, service, allowWeak = false } = options;
  for (const source of sources) requireSource(source);
  const file = native.openKeyFile(String(path), table, service);
  warnOfOthers(String(path), file);
  const readers = new Map(sources.map((source) => [source.kind, source]));
  const secrets = [];
  for (const { label, kind, reference } of native.keyFileLookups(file))
    secrets.push(await resolve(label, kind, JSON.parse(reference), readers));
  return new LoadedKeys(native.keyFileRing(file, secrets, allowWeak));
}

// Returns the pair secrets in a `.env` file, to pass to `new KeyRing`.
function loadDotenv(path, service, options = {}) {
  checkSettings('load_dotenv', options, 'loadDotenv()');
  const { allowWeak = false } = options;
  return { env: Object.fromEntries(native.readVariables(String(path))), service, allowWeak };
}

// Returns the modes in a file, to pass to `new Modes`. In a TOML or JSON file, which can be the key file, it reads `mode`,
// `senders` and `observeOnly`. In a `.env` file, it reads the HMAC_AUTH_ENABLED variable. `otherwise` contains the defaults.
// Invalid keys in the file are ignored, so that they cannot block a rollback.
function loadModes(path, otherwise = {}) {
  checkSettings('load_modes', otherwise, 'loadModes()');
  const { mode, senders = {} } = otherwise;
  const found = native.readModeFile(String(path), mode, Object.entries(senders));
  return { mode: found.mode, senders: Object.fromEntries(found.senders), observeOnly: found.observeOnly };
}

// Returns the planned removal dates of key versions, as a list of `{ name, version, seconds }`. `seconds` is a Unix time in
// seconds.
function retireDates(path) {
  return native.keyFileRetireDates(native.openKeyFile(String(path)));
}

async function resolve(label, kind, reference, readers) {
  const source = readers.get(kind);
  if (!source) {
    const names = [...readers.keys()].sort().join(', ') || 'none';
    const shown = native.shownName(kind);
    throw failure('KEYS', `${label}: no source reads ${shown} references; configured: ${names}`);
  }
  const secret = await read(label, source, reference);
  if (typeof secret === 'string' || isUint8Array(secret)) return secret;
  throw failure('KEYS', `${label}: a source must return a secret as a string or a Uint8Array`);
}

async function read(label, source, reference) {
  try {
    return await source.read(reference);
  } catch (cause) {
    if (cause?.code === 'SEALWIRE_KEYS') cause.message = `${label}: ${cause.message}`;
    throw cause;
  }
}

function requireSource(source) {
  if (typeof source?.kind === 'string' && typeof source.read === 'function') return;
  throw failure(
    'CONFIG',
    'sources: pass sources such as env(), vault(client) or google(client, { project })',
  );
}

function warnOfOthers(path, file) {
  if (!native.keyFileHoldsSecrets(file) || !native.isOpenToOthers(path)) return;
  const advice = `contains secrets and other users can read it; run: chmod 600 ${path}`;
  process.emitWarning(`${path} ${advice}`, 'SealwireWarning');
}

module.exports = { load, loadDotenv, loadModes, retireDates };
