'use strict';

// Key files: which versions there are, which one signs, and where each secret is kept. The same shape as in Python.

const { readFileSync } = require('node:fs');
const { extname } = require('node:path');
const { parseEnv } = require('node:util');
const { failure } = require('../errors.js');
const { isEnabled } = require('../native.js');
const { env } = require('./sources.js');

// The names are those of the gateways' configuration.
const PRIMARY = 'hmacPrimaryVersion';
const VERSIONS = 'hmacSecrets';
const RETIRE_AFTER = 'retireAfter';
const SECTIONS = ['pairs', 'clients', 'issuer', 'allowWeak', 'mode', 'senders', 'observeOnly'];

// Returns the argument for `new KeyRing` and `ring.replace`, with every secret resolved. An error's `code` is
// SEALWIRE_KEYS, and its message
// names the entry and the reference.
async function load(path, { sources = [env()], table, allowWeak = false } = {}) {
  const { entries, weak } = readKeyFile(path, table);
  const readers = new Map(sources.map((source) => [source.kind, source]));
  const keys = { pairs: {}, clients: {}, allowWeak: allowWeak || weak };
  for (const entry of entries) {
    const resolved = await resolveEntry(entry, readers);
    if (entry.section === 'issuer') keys.issuer = resolved;
    else keys[entry.section][entry.name] = resolved;
  }
  return keys;
}

// Returns the argument for `new KeyRing` for the pair secrets of a `.env` file.
function loadDotenv(path, service, { allowWeak = false } = {}) {
  return { env: parseEnv(textOf(path)), service, allowWeak };
}

// What `new Modes` takes: `mode`, `senders` and `observeOnly` of a TOML or JSON file, the key file or one of its own; or of a
// `.env` file the variable HMAC_AUTH_ENABLED. What the file leaves out is as given here. Whatever else is in the file is not looked
// at: keys that are out of order must not stop a rollback.
function loadModes(path, { mode, senders } = {}) {
  if (!['.toml', '.json'].includes(extname(path))) {
    return { mode, senders, observeOnly: !isEnabled(parseEnv(textOf(path)).HMAC_AUTH_ENABLED) };
  }
  const data = parse(path);
  refuseUnknown(path, data);
  if (data.senders !== undefined) asTable('senders', data.senders);
  return { mode: data.mode ?? mode, senders: data.senders ?? senders, observeOnly: data.observeOnly };
}

// The entries of a file, nothing resolved.
function readKeyFile(path, table) {
  const data = parse(path);
  if (table !== undefined) return { entries: [foreign(path, data, table)], weak: false };
  refuseUnknown(path, data);
  const entries = ['pairs', 'clients'].flatMap((section) =>
    Object.entries(asTable(section, data[section] ?? {})).map(([name, entry]) => ({
      section,
      name,
      entry: asTable(`the entry ${name} of ${section}`, entry),
    })),
  );
  if (data.issuer !== undefined)
    entries.push({ section: 'issuer', name: 'issuer', entry: asTable('issuer', data.issuer) });
  if (entries.length === 0) throw wrong(`${path} names no keys; add pairs, clients or an issuer`);
  return { entries, weak: data.allowWeak === true };
}

// A misspelt section must not pass for one that was left out.
function refuseUnknown(path, data) {
  const unknown = Object.keys(data).find((key) => !SECTIONS.includes(key));
  if (unknown) throw wrong(`${path}: ${unknown} is not one of ${SECTIONS.join(', ')}`);
}

// The issuer's keys, from a table of a configuration that holds much else.
function foreign(path, data, table) {
  const found = table.split('.').reduce((held, part) => held?.[part], data);
  if (!isTable(found)) throw wrong(`${path} has no table [${table}]`);
  return { section: 'issuer', name: 'issuer', entry: found };
}

async function resolveEntry({ section, name, entry }, readers) {
  const primary = entry[PRIMARY];
  if (!Number.isInteger(primary))
    throw wrong(`${name}: ${PRIMARY} must be the number of the version that signs`);
  const versions = [];
  for (const { version, secret } of listed(name, entry))
    versions.push([version, await resolveSecret(`${name} version ${version}`, secret, readers)]);
  return { primary, versions: section === 'pairs' ? versions.map(trimmed) : versions };
}

// Files and stores add white space around base64; around a client's text it might be meant.
const trimmed = ([version, secret]) => [version, typeof secret === 'string' ? secret.trim() : secret];

// The versions in the order of the file, including repeated ones, which core reports.
function listed(name, entry) {
  const versions = entry[VERSIONS] ?? [];
  if (!Array.isArray(versions) || !versions.every(isTable))
    throw wrong(`${name}: ${VERSIONS} must list tables with a version and a secret`);
  for (const { version, secret } of versions) {
    if (!Number.isInteger(version))
      throw wrong(`${name}: each of ${VERSIONS} needs a version, a whole number`);
    if (secret === undefined) throw wrong(`${name} version ${version}: the secret is missing`);
  }
  return versions;
}

async function resolveSecret(where, secret, readers) {
  if (typeof secret === 'string') return secret;
  const references = isTable(secret) ? Object.entries(secret) : [];
  if (references.length !== 1)
    throw wrong(`${where}: secret must be text, or one reference such as { env = "NAME" }`);
  const [[kind, reference]] = references;
  const source = readers.get(kind);
  if (!source) {
    const known = [...readers.keys()].sort().join(', ') || 'none';
    throw wrong(`${where}: no source reads ${kind} references; configured: ${known}`);
  }
  try {
    return await source.read(reference);
  } catch (cause) {
    cause.message = `${where}: ${cause.message}`;
    throw cause;
  }
}

// By when versions were to be retired: `{ name, version, seconds }` each, Unix time.
function retireDates(path) {
  return readKeyFile(path).entries.flatMap(({ section, name, entry }) =>
    listed(name, entry)
      .filter((version) => version[RETIRE_AFTER] !== undefined)
      .map(({ version, [RETIRE_AFTER]: date }) => ({
        name: section === 'pairs' ? name.split('/').sort().join('/') : name,
        version,
        seconds: secondsOf(name, date),
      })),
  );
}

const DAY_S = 86_400;

// The end of the day for a date, UTC where no zone is named.
function secondsOf(name, date) {
  const text = date instanceof Date ? date.toISOString() : date;
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const parsed = Date.parse(isDay || /[Zz]|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`) / 1000;
  if (!Number.isFinite(parsed)) throw wrong(`${name}: ${RETIRE_AFTER} must be a date, as 2030-01-31`);
  return isDay ? parsed + DAY_S : parsed;
}

function parse(path) {
  const text = textOf(path);
  try {
    return asTable(path, extname(path) === '.json' ? JSON.parse(text) : toml().parse(text));
  } catch (error) {
    if (error.code === 'SEALWIRE_KEYS') throw error;
    // Only the place: the parser's own words quote lines that may hold a secret.
    throw wrong(
      `${path} cannot be read as ${extname(path).slice(1)}${error.line ? `: see line ${error.line}` : ''}`,
    );
  }
}

function toml() {
  try {
    return require('smol-toml');
  } catch {
    throw wrong('smol-toml is not installed; install it, or keep the keys in a .json file');
  }
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw wrong(`${path} cannot be opened: ${error.code}`);
  }
}

function asTable(label, value) {
  if (!isTable(value)) throw wrong(`${label} must be a table`);
  return value;
}

const isTable = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const wrong = (message) => failure('KEYS', message);

module.exports = { load, loadDotenv, loadModes, retireDates };
