// For Vercel's edge runtime and Next.js, whose bundlers compile files with this suffix, and for Nitro (unwasm).
import module from './sealwire.wasm?module';
export default module;
