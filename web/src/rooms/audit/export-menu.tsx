// What is looked for as a file: made in the background, with its progress, fetched when it is done.

import { Alert, Button, Group, Menu, Modal, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import IconDownload from '@tabler/icons-react/dist/esm/icons/IconDownload.mjs'
import { useState } from 'react'
import type { AuditExportFormat, JobRow } from '../../../../src/console/contract.ts'
import { addressOf, call } from '../../api/http.ts'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { auditFilter, type TrailSearch } from './trail-filter.ts'

const lookMs = 1_000
const formats: readonly { readonly value: AuditExportFormat; readonly label: string }[] = [
  { value: 'csv', label: 'CSV' },
  { value: 'json', label: 'JSON' },
  { value: 'parquet', label: 'Parquet' },
]

/** As it stands behind the `?` of a question. */
const written = (search: TrailSearch): Record<string, string> =>
  Object.fromEntries(
    Object.entries(auditFilter(search, Date.now())).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : String(value),
    ]),
  )

export function ExportMenu({ search }: { readonly search: TrailSearch }) {
  const { t } = useWords()
  const [job, setJob] = useState<JobRow>()
  const start = useMutation({
    mutationFn: (format: AuditExportFormat) =>
      call('POST /api/audit/exports', { in: { filter: written(search), format } }),
    onSuccess: setJob,
  })
  const close = () => {
    setJob(undefined)
    start.reset()
  }
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={15} />}
            loading={start.isPending}
          >
            {t('audit.export')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {formats.map(({ value, label }) => (
            <Menu.Item key={value} onClick={() => start.mutate(value)}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={job !== undefined || start.isError}
        onClose={close}
        title={<strong>{t('audit.export')}</strong>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Problem error={start.error} />
        {job !== undefined && <Running first={job} onClose={close} />}
      </Modal>
    </>
  )
}

function Running({ first, onClose }: { readonly first: JobRow; readonly onClose: () => void }) {
  const { t, count, bytes } = useWords()
  const jobs = useQuery({
    queryKey: ['jobs'],
    refetchInterval: query =>
      query.state.data?.find(({ id }) => id === first.id)?.endedAtMs === undefined ? lookMs : false,
    queryFn: () => call('GET /api/jobs'),
  })
  const remove = useMutation({
    mutationFn: () => call('DELETE /api/jobs/:id', { params: { id: first.id } }),
    onSuccess: onClose,
  })
  const job = jobs.data?.find(({ id }) => id === first.id) ?? first
  return (
    <Stack gap="sm">
      <Text size="sm">{job.title}</Text>
      <div role="status">
        <Text size="sm" c="dimmed">
          {t('audit.exportEntries', { count: job.done, replace: { count: count(job.done) } })}
          {job.fileBytes !== undefined && ` · ${bytes(job.fileBytes)}`}
        </Text>
      </div>
      {job.endedAtMs === undefined && <Progress value={100} animated aria-label={t('audit.exportRunning')} />}
      {job.state === 'failed' && (
        <Alert color="red" variant="light">
          {job.problem?.message}
        </Alert>
      )}
      <Text size="xs" c="dimmed">
        {t('audit.exportHint')}
      </Text>
      <Group justify="flex-end">
        {job.endedAtMs === undefined ? (
          <Button variant="default" onClick={() => remove.mutate()} loading={remove.isPending}>
            {t('audit.exportStop')}
          </Button>
        ) : (
          job.state === 'done' && (
            <Button
              component="a"
              href={addressOf('GET /api/jobs/:id/file', { id: job.id }, undefined)}
              download
            >
              {t('audit.exportFetch')}
            </Button>
          )
        )}
      </Group>
    </Stack>
  )
}
