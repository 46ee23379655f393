// The module `sealwire/edge`. It exports all modules of the edge build, for runtimes that ignore the conditions in package.json
// that select this build.
export * from './fetch.mjs';
export * from './h3.mjs';
export * from './index.mjs';
export * from './web.mjs';
