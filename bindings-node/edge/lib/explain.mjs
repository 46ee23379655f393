// The entry point of builds with the feature `explain`, which the playground of the documentation uses.
export { explain } from '../../explain.js';
export { joinHead } from '../../lib/head.js';
export * from './edge.mjs';
export { signatureBase } from './native.mjs';
