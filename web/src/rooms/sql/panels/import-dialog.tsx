// Brings a file into a table: drop it, look at it, say which column goes where, run.

import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import IconFileUpload from '@tabler/icons-react/dist/esm/icons/IconFileUpload.mjs'
import { useMemo, useRef, useState } from 'react'
import type { ImportInput, ImportPreview, SqlObject, TargetRow } from '../../../../../src/console/contract.ts'
import { call } from '../../../api/http.ts'
import { queryClient } from '../../../api/queries.ts'
import { jobsQuery, objectQuery, objectsQuery } from '../../../api/sql-queries.ts'
import { Chip } from '../../../parts/chips.tsx'
import { Problem } from '../../../parts/page.tsx'
import { useWords } from '../../../parts/words.ts'
import { matchColumns } from './match-columns.ts'

interface ImportProps {
  readonly target: TargetRow
  readonly onStarted: () => void
  readonly onClose: () => void
}

export function ImportDialog(props: ImportProps) {
  const { t } = useWords()
  const [file, setFile] = useState<File>()
  const upload = useMutation({
    mutationFn: (chosen: File) =>
      call('POST /api/targets/:id/uploads', {
        params: { id: props.target.id },
        query: { name: chosen.name },
        body: chosen,
      }),
  })
  const take = (chosen: File | undefined) => {
    if (chosen === undefined) return
    setFile(chosen)
    upload.mutate(chosen)
  }
  return (
    <Modal
      opened
      size="xl"
      onClose={props.onClose}
      title={<strong>{t('sqlPanels.importTitle', { target: props.target.name })}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="sm">
        {upload.data === undefined && <DropPlace busy={upload.isPending} onFile={take} />}
        <Problem error={upload.error} />
        {upload.data !== undefined && file !== undefined && (
          <Mapping {...props} preview={upload.data} fileName={file.name} onOther={() => upload.reset()} />
        )}
      </Stack>
    </Modal>
  )
}

function DropPlace(props: { readonly busy: boolean; readonly onFile: (file: File | undefined) => void }) {
  const { t } = useWords()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  return (
    <div
      className="drop"
      data-over={over || undefined}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        props.onFile(event.dataTransfer.files[0])
      }}
    >
      <IconFileUpload size={36} stroke={1.4} />
      <strong>{t('sqlPanels.drop')}</strong>
      <span className="dim">{t('sqlPanels.dropHint')}</span>
      <Button variant="default" loading={props.busy} onClick={() => input.current?.click()}>
        {t('sqlPanels.choose')}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('sqlPanels.choose')}
        accept=".csv,.tsv,.txt,.xlsx,.sql"
        onChange={event => props.onFile(event.currentTarget.files?.[0])}
      />
    </div>
  )
}

function Mapping(
  props: ImportProps & {
    readonly preview: ImportPreview
    readonly fileName: string
    readonly onOther: () => void
  },
) {
  const { t, bytes } = useWords()
  const { preview, target } = props
  const [table, setTable] = useState<Pick<SqlObject, 'schema' | 'name'>>()
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>()
  const [nullWord, setNullWord] = useState('')
  const object = useQuery({
    ...objectQuery(target.id, table?.schema ?? '', table?.name ?? ''),
    enabled: table !== undefined,
  })
  const matched = useMemo(
    () => matchColumns(preview.columns, object.data?.columns.map(({ name }) => name) ?? []),
    [preview, object.data],
  )
  const mapping = chosen ?? matched
  const columns = Object.entries(mapping).flatMap(([from, to]) => (to === '' ? [] : [{ from, to }]))
  const isSql = preview.format === 'sql'
  const start = useMutation({
    mutationFn: () => {
      const input: ImportInput = {
        uploadId: preview.uploadId,
        ...(table === undefined || isSql
          ? {}
          : { table: { schema: table.schema, name: table.name }, columns }),
        ...(isSql ? {} : { nullWord }),
      }
      return call('POST /api/targets/:id/imports', { params: { id: target.id }, in: input })
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: jobsQuery.queryKey })
      props.onStarted()
      props.onClose()
    },
  })
  return (
    <>
      <Group gap="xs">
        <strong>{props.fileName}</strong>
        <Chip mono>{preview.format}</Chip>
        <span className="dim number">{bytes(preview.bytes)}</span>
        <span style={{ flex: 1 }} />
        <Button size="compact-sm" variant="default" onClick={props.onOther}>
          {t('sqlPanels.otherFile')}
        </Button>
      </Group>
      {preview.problems.map(problem => (
        <p key={problem} className="side__problem">
          {problem}
        </p>
      ))}
      {isSql ? (
        <pre className="code-block">{preview.statements.join(';\n')}</pre>
      ) : (
        <>
          <TablePicker
            target={target}
            onPick={next => {
              setTable(next)
              setChosen(undefined)
            }}
          />
          <PreviewTable
            preview={preview}
            mapping={mapping}
            names={object.data?.columns.map(({ name }) => name) ?? []}
            onMap={(from, to) => setChosen({ ...mapping, [from]: to })}
          />
          <TextInput
            size="xs"
            w={260}
            label={t('sqlPanels.nullWord')}
            description={t('sqlPanels.nullWordHint')}
            value={nullWord}
            onChange={event => setNullWord(event.currentTarget.value)}
          />
        </>
      )}
      <Text size="sm" c="dimmed">
        {t('sqlPanels.importLead')}
      </Text>
      <Problem error={start.error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={props.onClose}>
          {t('common.cancel')}
        </Button>
        <Button
          loading={start.isPending}
          disabled={!isSql && (table === undefined || columns.length === 0)}
          onClick={() => start.mutate()}
        >
          {t('sqlPanels.importStart')}
        </Button>
      </Group>
    </>
  )
}

function TablePicker(props: {
  readonly target: TargetRow
  readonly onPick: (table: Pick<SqlObject, 'schema' | 'name'>) => void
}) {
  const { t } = useWords()
  const [search, setSearch] = useState('')
  const [wanted] = useDebouncedValue(search, 200)
  const found = useQuery({
    ...objectsQuery(props.target.id, { search: wanted, limit: 50 }),
    placeholderData: before => before,
  })
  const tables = (found.data?.objects ?? []).filter(({ kind }) => kind === 'table' || kind === 'partitioned')
  const paths = new Map(tables.map(object => [`${object.schema}.${object.name}`, object]))
  return (
    <Select
      label={t('sqlPanels.intoTable')}
      searchable
      data={[...paths.keys()]}
      // The server has searched already.
      filter={({ options }) => options}
      onSearchChange={setSearch}
      nothingFoundMessage={t('common.noMatch')}
      onChange={path => {
        const table = path === null ? undefined : paths.get(path)
        if (table !== undefined) props.onPick(table)
      }}
    />
  )
}

function PreviewTable(props: {
  readonly preview: ImportPreview
  readonly mapping: Readonly<Record<string, string>>
  readonly names: readonly string[]
  readonly onMap: (from: string, to: string) => void
}) {
  const { t } = useWords()
  const { preview, mapping, names } = props
  return (
    <div className="import-table">
      <table className="list-table">
        <thead>
          <tr>
            {preview.columns.map(column => (
              <th key={column}>
                {column}
                <Select
                  size="xs"
                  miw={120}
                  aria-label={t('sqlPanels.goesTo', { column })}
                  placeholder={t('sqlPanels.leftOut')}
                  clearable
                  disabled={names.length === 0}
                  data={[...names]}
                  value={mapping[column] === '' ? null : (mapping[column] ?? null)}
                  onChange={to => props.onMap(column, to ?? '')}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row, index) => (
            <tr key={index}>
              {preview.columns.map((column, at) => (
                <td key={column}>{row[at] ?? <span className="dim">{t('sql.nullWord')}</span>}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
