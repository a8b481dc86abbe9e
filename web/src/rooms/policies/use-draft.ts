// The text that is worked on, what is wrong with it, and saving it.

import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PolicyCheck, PolicyVersion } from '../../../../src/console/contract.ts'
import { ConsoleError, call } from '../../api/http.ts'
import { policiesQuery, queryClient } from '../../api/queries.ts'
import { useWords } from '../../parts/words.ts'

const typingMs = 250
const noProblems: PolicyCheck['problems'] = []

export function useDraft(current: PolicyVersion) {
  const { t, language } = useWords()
  const [basis, setBasis] = useState(current)
  const [text, setText] = useState(current.text)
  const [saving, setSaving] = useState(false)
  const [settled] = useDebouncedValue(text, typingMs)
  const changed = text !== basis.text
  // Somebody else saved while nothing was changed here: show what is in force.
  if (basis.version !== current.version && !changed) {
    setBasis(current)
    setText(current.text)
  }
  const check = useQuery({
    queryKey: ['policies', 'check', settled, language],
    placeholderData: keepPreviousData,
    queryFn: () => call('POST /api/policies/check', { in: { text: settled, language } }),
  })
  const save = useMutation({
    mutationFn: (note: string) => call('PUT /api/policies', { in: { text, note, basedOn: basis.version } }),
    onSuccess: async saved => {
      setBasis(saved)
      setSaving(false)
      notifications.show({ message: t('policies.saved', { version: saved.version }), color: 'teal' })
      await queryClient.invalidateQueries({ queryKey: policiesQuery.queryKey })
    },
    onError: async error => {
      // The text stays; what it is based on becomes what is in force, for somebody who has compared.
      if (!(error instanceof ConsoleError) || error.code !== 'conflict') return
      const fresh = await queryClient.fetchQuery({ ...policiesQuery, staleTime: 0 })
      setBasis(fresh.current)
      setSaving(false)
      notifications.show({
        message: t('policies.conflict', { version: fresh.current.version }),
        color: 'yellow',
        autoClose: false,
      })
    },
  })
  const problems = check.data?.problems ?? noProblems
  return {
    basis,
    text,
    setText,
    /** What `check` is about; the text a moment ago. */
    settled: check.isPlaceholderData ? undefined : settled,
    changed,
    check,
    problems,
    isChecking: check.isFetching || settled !== text,
    isWrong: problems.some(problem => problem.severity === 'error'),
    save,
    saving,
    setSaving,
  }
}

export type DraftState = ReturnType<typeof useDraft>
