// Rules for every JavaScript file of the repository. It stands here because here are the packages it imports; the
// Makefile runs it over the whole tree. How code looks is prettier's to say, types are the compiler's.
import js from '@eslint/js';
import globals from 'globals';

const built = [
  '**/node_modules/',
  '**/target/',
  '**/dist/',
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
      eqeqeq: ['error', 'always', { null: 'ignore' }], // `== null` means null or undefined, and says so
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
