// Whether somebody can sign in, in one word.

import type { UserRow } from '../../../../src/console/contract.ts'
import { Chip } from '../../parts/chips.tsx'
import { useWords } from '../../parts/words.ts'

export function UserState({ user }: { readonly user: Pick<UserRow, 'disabled' | 'locked'> }) {
  const { t } = useWords()
  if (user.disabled) return <Chip tone="outline">{t('users.disabled')}</Chip>
  if (user.locked) return <Chip tone="bad">{t('users.locked')}</Chip>
  return <Chip tone="ok">{t('users.active')}</Chip>
}
