'use strict';

const { types } = require('node:util');
const native = require('./native.js');

const { version } = native.catalog();

// Returns the symbol that a class uses as the name of its method that returns the native object. All copies of this package
// version use the same symbol. A process can contain several copies of the package, because bundlers copy modules and
// jest.resetModules loads them again.
const brandOf = (name) => Symbol.for(`sealwire.${version}.${name}`);

// Returns the native object of an object that has the `brand` method, or undefined for other objects.
function handleOf(object, brand) {
  const handle = typeof object === 'object' && object !== null ? object[brand] : undefined;
  return typeof handle === 'function' ? handle.call(object) : undefined;
}

// `instanceof Uint8Array` is false for bytes from another realm, such as a Buffer in Jest's jsdom environment.
const { isArrayBuffer, isUint8Array } = types;

module.exports = { brandOf, handleOf, isArrayBuffer, isUint8Array };
