// The entry point of builds with the `explain` feature. The playground in the documentation uses it.
export { explain } from '../../explain.js';
export { joinHead } from '../../lib/head.js';
export * from './edge.mjs';
export { signatureBase } from './native.mjs';
