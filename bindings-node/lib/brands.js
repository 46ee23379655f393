'use strict';

const { types } = require('node:util');
const native = require('./native.js');

const { version } = native.catalog();

// The key of a method that returns the native object behind an object of this package. Another copy of the package finds it too:
// bundlers copy modules, and jest.resetModules loads them again. A copy of another version does not.
const brandOf = (name) => Symbol.for(`sealwire.${version}.${name}`);

// The native object behind an object, or undefined for any other object.
function handleOf(object, brand) {
  const handle = typeof object === 'object' && object !== null ? object[brand] : undefined;
  return typeof handle === 'function' ? handle.call(object) : undefined;
}

// `instanceof` is false for bytes of another realm, such as Node's Buffer in the jsdom environment of Jest.
const { isArrayBuffer, isUint8Array } = types;

module.exports = { brandOf, handleOf, isArrayBuffer, isUint8Array };
