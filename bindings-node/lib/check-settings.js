'use strict';

// Validates options against the settings catalogue in the native addon, which is the same for all languages. The native
// function receives a description of the options.

const { failure } = require('./errors.js');
const native = require('./native.js');

const METHODS = native.settingMethods();
// A static property that contains the name of a class in this package. It is needed because minifiers can shorten the class
// name.
const CLASS = Symbol.for('sealwire.class');

// Throws a SEALWIRE_CONFIG error for the first invalid option.
function checkSettings(group, options, call) {
  requireObject(options, call);
  const described = Object.entries(options).map(([name, value]) =>
    native.isCheckedSetting(group, name) ? { name, ...describe(value) } : { name, ...shape(value) },
  );
  native.checkSettings(group, described);
  rejectNull(options);
}

// Throws an error for a setting that is null. The catalogue accepts any object for some settings, such as a secret.
function rejectNull(options) {
  const [name] = Object.entries(options).find(([, value]) => value === null) ?? [];
  if (name !== undefined) throw failure('CONFIG', `${name}: pass a value, not null, or omit the setting`);
}

// Validates a configuration that also contains application settings. An unknown name is an error only if it is similar to a
// Sealwire setting.
function checkOpenSettings(group, options, call) {
  requireObject(options, call);
  for (const name of Object.keys(options)) {
    const near = native.nearestSetting(group, name) ?? undefined;
    if (near !== undefined && options[near] === undefined) {
      throw failure('CONFIG', `${call}: ${name}: no such setting; did you mean ${near}?`);
    }
  }
}

function requireObject(options, call) {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw failure('CONFIG', `${call}: pass an object of settings, not ${kindOf(options)}`);
  }
}

function properties(options) {
  return Object.entries(options).map(([name, value]) => ({ name, ...describe(value) }));
}

// Describes the type of a value, but not its contents, which can be secret.
function shape(value) {
  if (typeof value === 'string') return { text: '' };
  if (Array.isArray(value)) return { list: [] };
  if (typeof value === 'object' && value !== null && isPlain(value)) return { map: [] };
  return describe(value);
}

function describe(value) {
  if (value === undefined) return {};
  if (value === null) return ofType('null');
  switch (typeof value) {
    case 'boolean':
      return { flag: value };
    case 'number':
      return { number: value };
    case 'string':
      return { text: value };
    case 'object':
      return object(value);
    default:
      return ofType(typeof value);
  }
}

// Describes a value that is never valid as an object.
const ofType = (name) => ({ class: name, methods: [] });

function object(value) {
  if (Array.isArray(value)) return { list: Array.from(value, entry) };
  const methods = METHODS.filter((method) => typeof value[method] === 'function');
  if (isPlain(value) && methods.length === 0) return { map: properties(value) };
  return { class: classOf(Object.getPrototypeOf(value)?.constructor), methods };
}

// Describes an entry of an array. An undefined entry is not a missing setting. An array with holes contains such entries.
const entry = (value) => ({ name: '', ...(value === undefined ? ofType('undefined') : describe(value)) });

function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype.constructor?.name === 'Object';
}

const classOf = (made) => made?.[CLASS] ?? made?.name ?? 'Object';

const kindOf = (value) => (value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value);

module.exports = { checkOpenSettings, checkSettings, CLASS };
