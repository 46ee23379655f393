// The module of builds with explanations, such as the playground of the documentation.
export * from './edge.mjs';
export { joinHead } from '../../lib/head.js';
export { signatureBase } from './native.mjs';
