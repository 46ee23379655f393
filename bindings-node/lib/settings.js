'use strict';

const { failure } = require('./errors.js');

// The settings of a verifier, and what they must be. What they mean is the native side's to judge.
const SETTINGS = {
  service: 'string',
  schemes: 'list',
  mode: 'string',
  observeOnly: 'boolean',
  pastMs: 'number',
  futureMs: 'number',
  maxBodyBytes: 'number',
  trustUnsignedUserId: 'boolean',
  claimPairwise: 'boolean',
  ignoreAuthority: 'boolean',
  requireFields: 'list',
  listedSendersOnly: 'boolean',
  senders: 'object',
  exemptPaths: 'list',
};

const CHECKS = {
  string: ['a string', (value) => typeof value === 'string'],
  number: ['a whole number', Number.isSafeInteger],
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  list: [
    'a list of strings',
    (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  ],
  object: ['an object', (value) => typeof value === 'object' && value !== null],
};

// A misspelt setting must not pass for a default: here it would be a hole.
function settings(options) {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) check(name, value);
  const { senders = {}, ...rest } = Object.fromEntries(given);
  return { ...rest, senders: Object.entries(senders).map(([name, rules]) => ({ name, ...rules })) };
}

function check(name, value) {
  const kind = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
  if (!kind) {
    throw failure('CONFIG', `${name}: no such setting; there are ${Object.keys(SETTINGS).join(', ')}`);
  }
  const [expected, holds] = CHECKS[kind];
  if (!holds(value)) throw failure('CONFIG', `${name}: give ${expected}`);
}

module.exports = { settings };
