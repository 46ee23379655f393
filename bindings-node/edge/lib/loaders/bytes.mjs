// Loads the WebAssembly module in runtimes that can compile it at run time: Node.js, Deno, Bun and browsers.

// The build replaces this string with the module in Base64.
const BYTES = '__SEALWIRE_WASM_BASE64__';

function compiled() {
  const bytes = Uint8Array.from(atob(BYTES), (character) => character.charCodeAt(0));
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    const message =
      'sealwire: this runtime does not compile WebAssembly at run time, so the module must be a file of the deployment. ' +
      'In Nitro set experimental: { wasm: true }, in Nuxt nitro: { experimental: { wasm: true } }';
    throw Object.assign(new Error(message, { cause: error }), { code: 'SEALWIRE_PLATFORM' });
  }
}

export default compiled();
