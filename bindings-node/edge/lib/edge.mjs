// The module `sealwire/edge`. It exports all modules of the edge build, for runtimes that do not select this build by the
// conditions in package.json.
export * from './fetch.mjs';
export * from './h3.mjs';
export * from './index.mjs';
export * from './web.mjs';
