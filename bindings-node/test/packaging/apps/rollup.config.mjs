import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';

export default {
  input: 'apps/app.mjs',
  output: { file: process.env.OUT, format: 'es' },
  plugins: [resolve({ preferBuiltins: true }), commonjs()],
};
