import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';
import { imports } from './lint/imports.ts';

/** Lint for the whole tree; formatting is prettier's. */
export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', '**/.cache/'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname + '/..' } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, varsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      'no-eq-null': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  // what the program reads may be hostile: no regular expression may take more than linear time, whatever it is given
  {
    files: ['src/**/*.ts'],
    plugins: { imports, regexp },
    rules: {
      'imports/boundaries': 'error',
      'imports/no-circles': 'error',
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
    },
  },
  { files: ['**/*.js', '**/*.cjs'], extends: [tseslint.configs.disableTypeChecked] },
  // CommonJS by nature: it runs inside the executable, where import() is not to be had
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
