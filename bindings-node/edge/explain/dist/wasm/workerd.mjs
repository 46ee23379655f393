// For Cloudflare Workers: Wrangler uploads the file, and the import is a compiled module.
import module from './sealwire.wasm';
export default module;
