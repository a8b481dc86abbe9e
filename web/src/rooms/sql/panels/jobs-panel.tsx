// Exports and imports that go on without the page: how far they are, to stop, and to fetch what they made.

import { ActionIcon, Button, Progress, Tooltip } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import IconDownload from '@tabler/icons-react/dist/esm/icons/IconDownload.mjs'
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs'
import IconPlayerStopFilled from '@tabler/icons-react/dist/esm/icons/IconPlayerStopFilled.mjs'
import type { JobRow } from '../../../../../src/console/contract.ts'
import { wordError } from '../../../api/error-words.ts'
import { ConsoleError, addressOf, call } from '../../../api/http.ts'
import { queryClient } from '../../../api/queries.ts'
import { jobsQuery } from '../../../api/sql-queries.ts'
import { Chip, type ChipTone } from '../../../parts/chips.tsx'
import { Placeholder, Problem } from '../../../parts/page.tsx'
import { useWords } from '../../../parts/words.ts'

const tones: Readonly<Record<JobRow['state'], ChipTone>> = {
  waiting: 'plain',
  running: 'plain',
  done: 'ok',
  failed: 'bad',
  stopped: 'warn',
}

export function JobsPanel() {
  const { t } = useWords()
  const jobs = useQuery(jobsQuery)
  return (
    <div className="side__list">
      <Problem error={jobs.error} onRetry={() => void jobs.refetch()} />
      {jobs.isPending && <Placeholder rows={3} />}
      {jobs.data?.length === 0 && <p className="side__none">{t('sqlPanels.noJobs')}</p>}
      {jobs.data?.map(job => (
        <Job key={job.id} job={job} />
      ))}
    </div>
  )
}

function Job({ job }: { readonly job: JobRow }) {
  const { t, count, bytes, relative } = useWords()
  const going = job.state === 'waiting' || job.state === 'running'
  const drop = useMutation({
    mutationFn: () => call('DELETE /api/jobs/:id', { params: { id: job.id } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: jobsQuery.queryKey }),
  })
  const amount = (value: number) =>
    job.unit === 'bytes'
      ? bytes(value)
      : t(`sqlPanels.unit_${job.unit}`, { count: value, replace: { count: count(value) } })
  const total = job.total
  return (
    <article className="side__job" aria-label={job.title}>
      <div className="side__job-head">
        <strong>{job.title}</strong>
        <Chip tone={tones[job.state]}>{t(`sqlPanels.state_${job.state}`)}</Chip>
      </div>
      {going && (
        <Progress
          size="sm"
          animated
          aria-label={t('sqlPanels.progress')}
          value={total === undefined || total === 0 ? 100 : Math.min(100, (job.done / total) * 100)}
        />
      )}
      <span className="side__facts number" role="status">
        <span>
          {t(`sqlPanels.job_${job.kind.replace('-', '_') as 'export' | 'import' | 'audit_export'}`)}
        </span>
        <span>
          {amount(job.done)}
          {total !== undefined && going && ` / ${amount(total)}`}
        </span>
        {job.fileBytes !== undefined && <span>{bytes(job.fileBytes)}</span>}
        <span>{relative(job.endedAtMs ?? job.startedAtMs)}</span>
      </span>
      {job.problem !== undefined && (
        <p className="side__problem">
          {wordError(new ConsoleError(job.problem.code, job.problem.message, job.problem.message), t)}
        </p>
      )}
      <div className="side__job-foot">
        {job.state === 'done' && job.fileName !== undefined && (
          <Button
            component="a"
            href={addressOf('GET /api/jobs/:id/file', { id: job.id }, undefined)}
            download={job.fileName}
            size="compact-sm"
            leftSection={<IconDownload size={14} />}
          >
            {t('sqlPanels.download')}
          </Button>
        )}
        {going ? (
          <Button
            size="compact-sm"
            variant="default"
            loading={drop.isPending}
            leftSection={<IconPlayerStopFilled size={12} />}
            onClick={() => drop.mutate()}
          >
            {t('sql.stop')}
          </Button>
        ) : (
          <Tooltip label={t('sqlPanels.removeJob')}>
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={t('sqlPanels.removeJob')}
              onClick={() => drop.mutate()}
            >
              <IconTrash size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    </article>
  )
}
