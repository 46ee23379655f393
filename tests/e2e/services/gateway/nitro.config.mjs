// Nitro traces the addon without configuration, because the package is installed and not linked.
export default {
  preset: 'node-server',
  compatibilityDate: '2025-11-01',
  srcDir: '.',
};
