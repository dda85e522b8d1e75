import eslint from '@eslint/js'
import vue from 'eslint-plugin-vue'
import accessibility from 'eslint-plugin-vuejs-accessibility'
import globals from 'globals'
import typescript from 'typescript-eslint'

export default typescript.config(
  { ignores: ['dist', 'coverage', 'src/live/messages.ts', 'src/api/schema.ts'] },
  eslint.configs.recommended,
  typescript.configs.recommended,
  vue.configs['flat/recommended'],
  accessibility.configs['flat/recommended'],
  {
    files: ['**/*.{ts,vue}'],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: typescript.parser, extraFileExtensions: ['.vue'] },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      // An index that has just been checked is not undefined; noUncheckedIndexedAccess cannot see that.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-undef': 'off',
      'no-console': ['error', { allow: ['warn', 'error'] }],
      'max-lines': ['error', { max: 300, skipBlankLines: true }],
      eqeqeq: 'error',
      'vue/no-v-html': 'error',
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      // Templates are laid out by hand: one element a line reads better than one attribute a line.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/require-default-prop': 'off',
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
    },
  },
  { files: ['*.config.{js,ts}', '*.cjs', 'tests/**'], languageOptions: { globals: globals.node } },
  // The words of the interface are one list each.
  { files: ['src/i18n/zh.ts', 'src/i18n/en.ts'], rules: { 'max-lines': 'off' } },
)
