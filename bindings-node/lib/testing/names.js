'use strict';

const { failure } = require('../errors.js');

// Throws a SEALWIRE_CONFIG error if `options` is not an object, or contains an option that is not in `names`.
function checkNames(call, options, names) {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw failure('CONFIG', `${call}: pass an object with ${names.join(' or ')}`);
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw failure('CONFIG', `${call}: ${unknown}: no such setting; pass ${names.join(' or ')}`);
  }
}

module.exports = { checkNames };
