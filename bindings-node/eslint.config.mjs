// Rules for all JavaScript files in the repository. The file is here because this folder contains the
// packages it imports. Formatting is checked by prettier, types by the compiler.
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
      'no-throw-literal': 'error', // errors carry a `code`
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      complexity: ['error', 10],
    },
  },
  { files: ['**/*.js', '**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
  { files: ['**/*.mjs'], languageOptions: { sourceType: 'module' } },
];
