// NITRO_PRESET selects the preset.
export default {
  compatibilityDate: '2025-01-01',
  routeRules: { '/by-rule': { swr: 60 }, '/behind-middleware/by-rule': { swr: 60 } },
};
