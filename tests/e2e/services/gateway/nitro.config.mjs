// Nothing but the addon needs saying, and it needs nothing: Nitro traces it, since the package is installed and not linked.
export default {
  preset: 'node-server',
  compatibilityDate: '2025-11-01',
  srcDir: '.',
};
