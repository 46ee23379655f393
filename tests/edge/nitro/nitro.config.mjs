// The preset is NITRO_PRESET's.
export default {
  compatibilityDate: '2025-05-05',
  experimental: { wasm: true },
};
