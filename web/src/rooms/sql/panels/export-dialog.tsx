// Starts an export of everything that a statement gives, as a job of the server; policies are asked for `export`.

import { Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ExportFormat, TargetRow } from '../../../../../src/console/contract.ts'
import { call, ConsoleError } from '../../../api/http.ts'
import { queryClient } from '../../../api/queries.ts'
import { jobsQuery } from '../../../api/sql-queries.ts'
import { Problem } from '../../../parts/page.tsx'
import { useWords } from '../../../parts/words.ts'

const formats: readonly ExportFormat[] = ['csv', 'xlsx', 'json', 'sql']

const twoDigits = (value: number): string => String(value).padStart(2, '0')

function firstName(target: TargetRow): string {
  const now = new Date()
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map(twoDigits).join('')
  return `${target.name}-${day}-${twoDigits(now.getHours())}${twoDigits(now.getMinutes())}`
}

export function ExportDialog(props: {
  readonly target: TargetRow
  readonly statement: string
  readonly onStarted: () => void
  readonly onClose: () => void
}) {
  const { t } = useWords()
  const { target, statement } = props
  const [format, setFormat] = useState<ExportFormat>('csv')
  const [name, setName] = useState(() => firstName(target))
  const [reason, setReason] = useState('')
  const start = useMutation({
    mutationFn: () =>
      call('POST /api/targets/:id/exports', {
        params: { id: target.id },
        in: {
          sql: statement,
          format,
          fileName: `${name.trim()}.${format}`,
          ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
        },
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: jobsQuery.queryKey })
      props.onStarted()
      props.onClose()
    },
  })
  const wantsReason = start.error instanceof ConsoleError && start.error.code === 'statement.needs-reason'
  return (
    <Modal
      opened
      size="lg"
      onClose={props.onClose}
      title={<strong>{t('sqlPanels.exportTitle')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          if (name.trim() !== '') start.mutate()
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('sqlPanels.exportLead')}
          </Text>
          <pre className="code-block" style={{ maxHeight: 120 }}>
            {statement}
          </pre>
          <SegmentedControl
            aria-label={t('sqlPanels.format')}
            value={format}
            onChange={next => setFormat(next as ExportFormat)}
            data={formats.map(one => ({ value: one, label: t(`sqlPanels.format_${one}`) }))}
          />
          <TextInput
            label={t('sqlPanels.fileName')}
            data-autofocus
            maxLength={100}
            value={name}
            rightSection={<span className="dim">.{format}</span>}
            rightSectionWidth={52}
            onChange={event => setName(event.currentTarget.value.replace(/[/\\]/g, ''))}
          />
          <TextInput
            label={t('sql.reason')}
            description={wantsReason ? undefined : t('sqlPanels.reasonOptional')}
            error={wantsReason ? t('sql.reasonLead') : undefined}
            maxLength={500}
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
          />
          {!wantsReason && <Problem error={start.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={start.isPending} disabled={name.trim() === ''}>
              {t('sqlPanels.exportStart')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
