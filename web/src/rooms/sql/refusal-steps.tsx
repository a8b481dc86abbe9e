// What comes after a refusal that can be cured: waiting for an approval, or giving a reason.

import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import IconPlayerPlayFilled from '@tabler/icons-react/dist/esm/icons/IconPlayerPlayFilled.mjs'
import { useState } from 'react'
import { requestQuery } from '../../api/queries.ts'
import { Chip } from '../../parts/chips.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { useWords } from '../../parts/words.ts'
import type { QueryError } from './query-run.ts'
import { requestNumberOf } from './request-number.ts'

/** Nothing, unless there is something to do about the refusal. */
export function RefusalSteps(props: {
  readonly error: QueryError
  readonly onAgain: (reason: string | undefined) => void
}) {
  const { error, onAgain } = props
  const number = requestNumberOf(error)
  if (error.code === 'statement.needs-approval' && number !== undefined) {
    return <Approval number={number} onRun={() => onAgain(undefined)} />
  }
  if (error.code === 'statement.needs-reason') return <Reason onGiven={onAgain} />
  return null
}

function Approval({ number, onRun }: { readonly number: number; readonly onRun: () => void }) {
  const { t } = useWords()
  const { data: request } = useQuery(requestQuery(number))
  const state = request?.state
  return (
    <div className="refusal__steps" role="status">
      {state === 'pending' && <span>{t('sql.waitingForApproval')}</span>}
      {state === 'approved' && <Chip tone="ok">{t('sql.approvedRunAgain')}</Chip>}
      {request !== undefined && state !== 'pending' && state !== 'approved' && (
        <Chip tone={state === 'refused' ? 'bad' : 'outline'}>{t(`requests.state_${request.state}`)}</Chip>
      )}
      {request !== undefined && request.note !== '' && <span>“{request.note}”</span>}
      <Group gap="xs">
        <LinkButton to="/requests" search={{ request: number }} size="compact-sm" variant="default">
          {t('sql.requestOpen', { number })}
        </LinkButton>
        <Button
          size="compact-sm"
          leftSection={<IconPlayerPlayFilled size={12} />}
          disabled={state !== 'approved'}
          onClick={onRun}
        >
          {t('sql.runAgain')}
        </Button>
      </Group>
    </div>
  )
}

function Reason({ onGiven }: { readonly onGiven: (reason: string) => void }) {
  const { t } = useWords()
  const [opened, setOpened] = useState(true)
  const [reason, setReason] = useState('')
  const submit = () => {
    setOpened(false)
    onGiven(reason.trim())
  }
  return (
    <div className="refusal__steps">
      <Button size="compact-sm" onClick={() => setOpened(true)}>
        {t('sql.reasonGive')}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={<strong>{t('sql.reasonTitle')}</strong>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <form
          onSubmit={event => {
            event.preventDefault()
            if (reason.trim() !== '') submit()
          }}
        >
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              {t('sql.reasonLead')}
            </Text>
            <TextInput
              label={t('sql.reason')}
              placeholder={t('sql.reasonHint')}
              data-autofocus
              maxLength={500}
              value={reason}
              onChange={event => setReason(event.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setOpened(false)}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" disabled={reason.trim() === ''}>
                {t('sql.reasonRun')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </div>
  )
}
