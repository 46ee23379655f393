// NITRO_PRESET selects the preset, and NITRO_OUTPUT selects the output folder.
export default {
  compatibilityDate: '2025-01-01',
  output: { dir: process.env.NITRO_OUTPUT ?? '.output' },
  routeRules: { '/by-rule': { swr: 60 }, '/behind-middleware/by-rule': { swr: 60 } },
};
