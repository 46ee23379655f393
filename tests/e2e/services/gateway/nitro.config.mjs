// No configuration is needed for the addon, because the demo installs the package instead of linking it.
export default {
  preset: 'node-server',
  compatibilityDate: '2025-11-01',
  srcDir: '.',
};
