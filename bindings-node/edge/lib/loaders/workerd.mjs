// Loads the WebAssembly module in Cloudflare Workers. Wrangler uploads the file, and the runtime provides the compiled module.
import module from './sealwire.wasm';
export default module;
