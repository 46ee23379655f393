// Loads the WebAssembly module in Vercel's edge runtime, Next.js and Nitro (unwasm). Their bundlers compile an import with the
// suffix `?module`.
import module from './sealwire.wasm?module';
export default module;
