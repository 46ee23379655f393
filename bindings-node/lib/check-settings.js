'use strict';

// Describes options for the catalogue of settings, which checks names, types and values for every language.

const { failure } = require('./errors.js');
const native = require('./native.js');

const METHODS = native.settingMethods();

// Throws SEALWIRE_CONFIG for the first option that the catalogue does not accept.
function checkSettings(group, options, call) {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw failure('CONFIG', `${call}: give an object of settings, not ${kindOf(options)}`);
  }
  const described = Object.entries(options).map(([name, value]) =>
    native.isCheckedSetting(group, name) ? { name, ...describe(value) } : { name },
  );
  native.checkSettings(group, described);
}

function properties(options) {
  return Object.entries(options).map(([name, value]) => ({ name, ...describe(value) }));
}

function describe(value) {
  if (value === undefined || value === null) return {};
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
      return { class: typeof value, methods: [] };
  }
}

function object(value) {
  if (Array.isArray(value)) return { list: value.map((each) => ({ name: '', ...describe(each) })) };
  const methods = METHODS.filter((method) => typeof value[method] === 'function');
  const prototype = Object.getPrototypeOf(value);
  const isPlain = prototype === null || prototype.constructor?.name === 'Object';
  if (isPlain && methods.length === 0) return { map: properties(value) };
  return { class: prototype?.constructor?.name ?? 'Object', methods };
}

const kindOf = (value) => (value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value);

module.exports = { checkSettings };
