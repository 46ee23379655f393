// Rules for all JavaScript files in the repository. This file is in bindings-node because the packages that it imports are
// installed there. prettier checks the formatting, and the TypeScript compiler checks the types.
import js from '@eslint/js';
import globals from 'globals';

const built = [
  '**/node_modules/',
  '**/target/',
  '**/dist/',
  '**/dist-explain/',
  '**/.venv/',
  '**/.cache/',
  '**/.output/',
  '**/.nitro/',
];

export default [
  { ignores: [...built, '**/.nuxt/'] },
  js.configs.recommended,
  {
    files: ['**/*.js', '**/*.cjs', '**/*.mjs'],
    languageOptions: { ecmaVersion: 2023, globals: globals.node },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-unused-vars': ['error', { caughtErrors: 'none', ignoreRestSiblings: true }],
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }], // `== null` means null or undefined
      'no-implicit-coercion': 'error',
      'no-throw-literal': 'error', // thrown errors must have a `code`
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      complexity: ['error', 10],
    },
  },
  { files: ['**/*.js', '**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
  { files: ['**/*.mjs'], languageOptions: { sourceType: 'module' } },
];
