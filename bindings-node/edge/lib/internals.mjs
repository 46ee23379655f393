// Exports for the tests of the edge build.
export { joinHead, splitUrl } from '../../lib/head.js';
export * as native from './native.mjs';
export { objectCount } from './wasm.mjs';
