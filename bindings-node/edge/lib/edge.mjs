// `sealwire/edge`: everything in one module, for runtimes that do not choose this build by themselves.
export * from './fetch.mjs';
export * from './h3.mjs';
export * from './index.mjs';
export * from './web.mjs';
