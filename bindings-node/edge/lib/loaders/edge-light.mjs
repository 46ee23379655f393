// Loads the WebAssembly module in Vercel's edge runtime, Next.js and Nitro (unwasm). Their bundlers compile imports that end
// with `?module`.
import module from './sealwire.wasm?module';
export default module;
