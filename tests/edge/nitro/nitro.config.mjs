// The environment variable NITRO_PRESET selects the preset.
export default {
  compatibilityDate: '2025-05-05',
  experimental: { wasm: true },
};
