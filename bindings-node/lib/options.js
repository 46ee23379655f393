'use strict';

// Checks settings by name and type, so that a misspelt setting is an error and not a silent default.

const { failure } = require('./errors.js');

const KINDS = {
  any: ['', () => true],
  string: ['a string', (value) => typeof value === 'string'],
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  number: ['a whole number', Number.isSafeInteger],
  count: ['a whole number above 0', (value) => Number.isSafeInteger(value) && value > 0],
  function: ['a function', (value) => typeof value === 'function'],
  object: ['an object', isObject],
  strings: [
    'a list of strings',
    (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  ],
  functions: [
    'a list of functions',
    (value) => Array.isArray(value) && value.every((each) => typeof each === 'function'),
  ],
  paths: ['a path or a list of paths', (value) => [value].flat().every((each) => typeof each === 'string')],
};

// A setting holds a kind of KINDS, `settingsOf(X)` for nested settings, or `eachOf(X)` for nested settings under any name.
const settingsOf = (settings) => ({ settings });
const eachOf = (settings) => ({ settings, each: true });

const CLIENT = { origins: 'any', receiver: 'string', userId: 'string' };
const TABLE_SIZE = { slots: 'any', requestsPerSecond: 'any', windowSeconds: 'any' };
const VERSIONS = { primary: 'any', versions: 'any' };

const SETTINGS = {
  Signer: {
    name: 'string',
    keys: 'any',
    schemes: 'strings',
    receiver: 'string',
    coverFields: 'strings',
    ignoreAuthority: 'boolean',
  },
  KeyRing: {
    clients: eachOf('key versions'),
    pairs: eachOf('key versions'),
    issuer: settingsOf('key versions'),
    env: 'object',
    service: 'string',
    allowWeak: 'boolean',
  },
  'key versions': VERSIONS,
  'KeyRing.fromEnv': { env: 'object', allowWeak: 'boolean' },
  'ReplayTable.heap': { ...TABLE_SIZE, acceptOlder: 'boolean', sharedAs: 'string', maxSenderShare: 'any' },
  'ReplayTable.near': { ...TABLE_SIZE, maxSenderShare: 'any' },
  'ReplayTable.mapped': { ...TABLE_SIZE, acceptOlder: 'boolean', maxSenderShare: 'any' },
  redisStore: {
    prefix: 'string',
    timeoutMs: 'count',
    near: 'any',
    fallBack: 'boolean',
    onError: 'function',
    metrics: 'any',
  },
  Reloader: { path: 'paths', everyMs: 'count', lookEveryMs: 'count', signal: 'string', logger: 'any' },
  signedFetch: { ...CLIENT, base: 'any', fetch: 'function', verifyResponses: 'boolean' },
  signingInterceptor: CLIENT,
  signedDispatcher: { ...CLIENT, interceptors: 'functions' },
  signAxios: CLIENT,
  gotSigner: CLIENT,
  signGot: CLIENT,
  credentials: { clientId: 'string', sharedSecret: 'string' },
};

// Settings of an application's own configuration, which has other parts beside these: only a name that is nearly one of
// these is an error there.
const OPEN_SETTINGS = {
  configuration: { server: settingsOf('server'), service: settingsOf('service') },
  server: { auth_location: 'object', hmac: settingsOf('server.hmac'), ssl: settingsOf('server.ssl') },
  service: { Hmac: 'object' },
};
SETTINGS['server.hmac'] = {
  enableHmac: 'boolean',
  clientId: 'any',
  sharedSecret: 'any',
  stable: 'boolean',
};
SETTINGS['server.ssl'] = {
  enableSSL: 'boolean',
  mainDirPath: 'any',
  rootPath: 'any',
  clientPath: 'any',
  clientCertPath: 'any',
};

// Checks what `owner` was given. An error names the setting and the nearest one that exists.
function checkOptions(owner, given, path = owner) {
  if (!isObject(given)) throw failure('CONFIG', `${path}: give the settings as an object`);
  const [known, isOpen] = tableOf(owner);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(known, name)) unknown(path, name, Object.keys(known), isOpen);
    else checkValue(known[name], value, `${path}: ${name}`);
  }
  return given;
}

function tableOf(owner) {
  return Object.hasOwn(OPEN_SETTINGS, owner) ? [OPEN_SETTINGS[owner], true] : [SETTINGS[owner], false];
}

function checkValue(kind, value, path) {
  if (typeof kind === 'string') {
    const [expected, holds] = KINDS[kind];
    if (!holds(value)) throw failure('CONFIG', `${path}: give ${expected}`);
  } else if (kind.each) {
    if (!isObject(value)) throw failure('CONFIG', `${path}: give an object, with a name for each entry`);
    for (const [name, each] of Object.entries(value)) checkNested(kind.settings, each, `${path}: ${name}`);
  } else checkNested(kind.settings, value, path);
}

// Other forms of a value, such as a secret alone, are checked where they are used.
function checkNested(settings, value, path) {
  if (isPlain(value)) checkOptions(settings, value, path);
}

function unknown(path, name, known, isOpen) {
  const near = nearest(name, known);
  if (isOpen && near === undefined) return;
  const advice = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
  throw failure('CONFIG', `${path}: ${name}: no such setting; ${advice}`);
}

// The known name that `name` is probably meant to be.
function nearest(name, known) {
  const folded = fold(name);
  const distances = known.map((each) => [distance(folded, fold(each)), each]);
  const [best] = distances.sort(([one], [other]) => one - other);
  return best && best[0] <= Math.max(1, Math.floor(folded.length / 4)) ? best[1] : undefined;
}

const fold = (name) => name.toLowerCase().replaceAll(/[_-]/g, '');

// Edits that turn one word into the other: insertions, deletions, replacements.
function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= other.length; to += 1) {
      const replaced = row[to - 1] + (one[at - 1] === other[to - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[to] + 1, next[to - 1] + 1));
    }
    row = next;
  }
  return row[other.length];
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isPlain = (value) => isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value));

module.exports = { checkOptions, nearest };
