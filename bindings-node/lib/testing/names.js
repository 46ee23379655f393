'use strict';

const { failure } = require('../errors.js');

// Throws SEALWIRE_CONFIG for options that are not an object, and for the first option with another name.
function checkNames(call, options, names) {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw failure('CONFIG', `${call}: give an object with ${names.join(' or ')}`);
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw failure('CONFIG', `${call}: ${unknown}: no such setting; give ${names.join(' or ')}`);
  }
}

module.exports = { checkNames };
