// The module of builds with explanations, such as the playground of the documentation.
export { explain } from '../../explain.js';
export { joinHead } from '../../lib/head.js';
export * from './edge.mjs';
export { signatureBase } from './native.mjs';
