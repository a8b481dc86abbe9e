// The command line: `sekisho serve | plan | apply | export | audit verify | policy check | reset-password`, and the user
// agent's commands.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { defineCommand, runMain } from 'citty'
import { loadConfig } from './config.ts'
import { agentCommands } from './user-agent.ts'

/** `0` fine, `1` not fine, `2` could not be told. */
type ExitCode = 0 | 1 | 2

const json = { type: 'boolean', description: 'Answer in JSON', default: false } as const

function answer(asJson: boolean, value: object, text: string, code: ExitCode): void {
  process.stdout.write(asJson ? `${JSON.stringify(value)}\n` : `${text}\n`)
  process.exitCode = code
}

/** Says what is wrong without a stack: it is for whoever typed the command. */
async function orSay(asJson: boolean, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const message = wordProblem(error)
    if (asJson) process.stdout.write(`${JSON.stringify({ ok: false, message })}\n`)
    else process.stderr.write(`${message}\n`)
    process.exitCode = 2
  }
}

function wordProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && error.code === 'ENOENT' && 'path' in error
    ? `There is no file or folder ${String(error.path)}.`
    : error.message
}

const config = () => loadConfig(process.env, process.cwd())

const serve = defineCommand({
  meta: { name: 'serve', description: 'Run the server in the foreground' },
  run: () =>
    orSay(false, async () => {
      const { main } = await import('./server.ts')
      await main()
    }),
})

const verify = defineCommand({
  meta: {
    name: 'verify',
    description:
      'Check the hash chain of a journal, with or without its server running (exit code 1: broken)',
  },
  args: {
    folder: {
      type: 'positional',
      required: false,
      description: 'Data folder or journal; that of the configuration',
    },
    anchor: { type: 'string', description: 'SEQUENCE:HASH known from elsewhere; notices a cut-off end' },
    json,
  },
  run: ({ args }) =>
    orSay(args.json, async () => {
      const { verifyJournal } = await import('../storage/journal-verify.ts')
      const given = resolve(args.folder ?? config().dataDir)
      const inside = join(given, 'journal')
      const report = await verifyJournal(existsSync(inside) ? inside : given, anchorOf(args.anchor))
      const { broken, verdict, records, segments, open, lastHash, notes } = report
      const lines =
        broken === undefined
          ? [`${verdict}: ${records} records in ${segments} segments, up to ${lastHash}`]
          : [
              `${verdict}: segment ${broken.segment}, line ${broken.line} (record ${broken.sequence}): ${broken.what}`,
              `${records} records before it are right.`,
            ]
      if (open > 0) lines.push(`${open} statements have no outcome: still running, or cut off by a crash.`)
      answer(
        args.json,
        { ok: verdict === 'whole', ...report },
        [...lines, ...notes].join('\n'),
        report.exitCode,
      )
    }),
})

function anchorOf(text: string | undefined): { anchor?: { sequence: number; hash: string } } {
  if (text === undefined) return {}
  const [, sequence, hash] = /^(\d+):([0-9a-f]{64})$/i.exec(text) ?? []
  if (sequence === undefined || hash === undefined) throw new Error('--anchor must be SEQUENCE:HASH')
  return { anchor: { sequence: Number(sequence), hash: hash.toLowerCase() } }
}

const check = defineCommand({
  meta: { name: 'check', description: 'Check a file of policies (exit code 1: it has errors)' },
  args: {
    file: { type: 'positional', required: true, description: 'Policies in the Cedar language' },
    json,
  },
  run: ({ args }) =>
    orSay(args.json, async () => {
      const text = readFileSync(args.file, 'utf8')
      const { createPolicyLanguage } = await import('../policy/language.ts')
      const { problems, meanings } = (await createPolicyLanguage()).check(text, 'en')
      const ok = !problems.some(problem => problem.severity === 'error')
      const lines = [
        ...problems.map(
          ({ severity, message, line, column }) => `${args.file}:${line}:${column}: ${severity}: ${message}`,
        ),
        ...(ok ? meanings.map(({ name, meaning }) => `${name}: ${meaning}`) : []),
      ]
      answer(args.json, { ok, problems, meanings }, lines.join('\n'), ok ? 0 : 1)
    }),
})

const resetPassword = defineCommand({
  meta: {
    name: 'reset-password',
    description:
      'Give somebody a new first password; for when no administrator can sign in. Stop the server first.',
  },
  args: { name: { type: 'positional', required: true, description: 'Name of the user' }, json },
  run: ({ args }) =>
    orSay(args.json, async () => {
      const { giveFirstPassword } = await import('./give-first-password.ts')
      const password = await giveFirstPassword(config(), args.name)
      const text = `New first password of ${args.name}: ${password.reveal()}\nIt must be changed at the next sign-in.`
      answer(args.json, { ok: true, name: args.name, firstPassword: password.reveal() }, text, 0)
    }),
})

const fileArgs = {
  file: {
    type: 'string',
    alias: 'f',
    required: true,
    description: 'A file of documents, or a folder of them (YAML, JSON)',
  },
  prune: {
    type: 'boolean',
    default: false,
    description: 'Remove what the files do not name, of the kinds that they do name',
  },
  'set-passwords': {
    type: 'boolean',
    default: false,
    description: 'Send the passwords of targets that are there already as well',
  },
  json,
} as const

type FileArgs = {
  readonly file: string
  readonly prune: boolean
  readonly 'set-passwords': boolean
  readonly passwords?: string | undefined
  readonly note?: string | undefined
}

const applyOptions = (args: FileArgs) => ({
  path: args.file,
  environment: process.env,
  prune: args.prune,
  passwords: args['set-passwords'],
  passwordsFile: args.passwords,
  note: args.note ?? 'sekisho apply',
})

const plan = defineCommand({
  meta: { name: 'plan', description: 'Show what apply would do to a running server' },
  args: fileArgs,
  run: ({ args }) =>
    orSay(args.json, async () => {
      const { planFiles } = await import('./apply/commands.ts')
      const { value, text, code } = await planFiles(applyOptions(args))
      answer(args.json, value, text, code)
    }),
})

const apply = defineCommand({
  meta: {
    name: 'apply',
    description:
      'Make a running server (SEKISHO_URL, SEKISHO_API_TOKEN) stand as the files want it; doing it twice changes nothing',
  },
  args: {
    ...fileArgs,
    'dry-run': { type: 'boolean', default: false, description: 'Only show what would be done' },
    passwords: { type: 'string', description: 'A new file for the first passwords of new users' },
    note: { type: 'string', description: 'What the version of the policies says about itself' },
  },
  run: ({ args }) =>
    orSay(args.json, async () => {
      const { applyFiles, planFiles } = await import('./apply/commands.ts')
      const work = args['dry-run'] ? planFiles : applyFiles
      const { value, text, code } = await work(applyOptions(args))
      answer(args.json, value, text, code)
    }),
})

const exportCommand = defineCommand({
  meta: { name: 'export', description: 'Write how a running server stands, as the files that apply takes' },
  args: {
    output: { type: 'string', alias: 'o', description: 'A new file; the standard output if not given' },
    json,
  },
  run: ({ args }) =>
    orSay(args.json, async () => {
      const { exportFiles } = await import('./apply/commands.ts')
      const text = await exportFiles(process.env)
      if (args.output !== undefined) {
        writeFileSync(args.output, text, { flag: 'wx' })
        answer(args.json, { ok: true, file: args.output }, `Written to ${args.output}.`, 0)
      } else if (args.json) {
        const { parseAllDocuments } = await import('yaml')
        const parsed = parseAllDocuments(text)
        const documents = Array.isArray(parsed) ? parsed.map(one => one.toJS() as unknown) : []
        answer(true, { ok: true, documents }, '', 0)
      } else process.stdout.write(text)
    }),
})

function ownVersion(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version
}

const command = defineCommand({
  meta: () => ({
    name: 'sekisho',
    version: ownVersion(),
    description: 'A gateway between people and their databases',
  }),
  subCommands: {
    serve,
    plan,
    apply,
    export: exportCommand,
    audit: defineCommand({ meta: { name: 'audit', description: 'The audit' }, subCommands: { verify } }),
    policy: defineCommand({ meta: { name: 'policy', description: 'The policies' }, subCommands: { check } }),
    'reset-password': resetPassword,
    ...agentCommands,
  },
})

await runMain(command)
