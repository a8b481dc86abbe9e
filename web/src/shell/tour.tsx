// Three first steps, for those who come for the first time: shown until they are done or sent away, and again when asked for.

import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useWords } from '../parts/words.ts'
import { useIsAdministrator, useMe } from './me.ts'

const steps = ['one', 'two', 'three'] as const

/** On this device, for this person; browsers that are driven by programs do not need it. */
const doneKey = (userId: string): string => `sekisho.tour-done.${userId}`

export function Tour({ asked }: { readonly asked: boolean }) {
  const { t } = useWords()
  const { user } = useMe()
  const navigate = useNavigate()
  const role = useIsAdministrator() ? 'administrator' : 'user'
  const [done, setDone] = useState(
    () => localStorage.getItem(doneKey(user.id)) !== null || navigator.webdriver,
  )
  const [at, setAt] = useState(0)
  const heading = useRef<HTMLHeadingElement>(null)
  const opened = asked || !done
  useEffect(() => {
    if (opened && at > 0) heading.current?.focus()
  }, [opened, at])
  if (!opened) return null
  const step = steps[at] ?? 'one'
  const leave = () => {
    localStorage.setItem(doneKey(user.id), '1')
    setDone(true)
    setAt(0)
    if (asked) void navigate({ to: '/', search: {}, replace: true })
  }
  return (
    <section
      className="tour"
      aria-label={t('tour.title')}
      onKeyDown={event => {
        if (event.key === 'Escape') leave()
      }}
    >
      <p className="tour__count">{t('tour.step', { at: at + 1, of: steps.length })}</p>
      <h2 ref={heading} tabIndex={-1}>
        {t(`tour.${role}_${step}_title`)}
      </h2>
      <p>{t(`tour.${role}_${step}_text`)}</p>
      <div className="tour__buttons">
        <Button size="xs" variant="subtle" onClick={leave}>
          {t('tour.skip')}
        </Button>
        {at > 0 && (
          <Button size="xs" variant="default" onClick={() => setAt(at - 1)}>
            {t('tour.back')}
          </Button>
        )}
        <Button size="xs" onClick={() => (at + 1 < steps.length ? setAt(at + 1) : leave())}>
          {at + 1 < steps.length ? t('tour.next') : t('tour.done')}
        </Button>
      </div>
    </section>
  )
}
