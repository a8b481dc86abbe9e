// Words in Japanese: problem.

import type { Words } from '../words.ts'

export const problem: Words['problem'] = {
  title: '処理できませんでした',
  next: '次の手順',
  server: 'サーバーからのメッセージ: {{message}}',
}
