// The kinds of documents, and what each field of them may hold.

export const kinds = ['Tag', 'Group', 'User', 'Target', 'Rule', 'Policy'] as const
export type Kind = (typeof kinds)[number]
export const isKind = (value: unknown): value is Kind => kinds.some(kind => kind === value)

export interface FieldSpec {
  readonly required?: boolean
  /** `verbatim`: no variables are filled in. */
  readonly form: 'plain' | 'verbatim' | 'secret' | 'file'
  /** @returns what is wrong */
  check(value: unknown): string | undefined
}

const plain = (check: FieldSpec['check'], required = false): FieldSpec => ({ form: 'plain', check, required })
const isText = (value: unknown): string | undefined => (typeof value === 'string' ? undefined : 'a text')
const isFlag = (value: unknown) => (typeof value === 'boolean' ? undefined : 'true or false')
const isPort = (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536
    ? undefined
    : 'a port, 1 to 65535'
const isCount = (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? undefined : 'a number from 0 on'
const oneOf =
  (...words: readonly string[]) =>
  (value: unknown) =>
    words.some(word => word === value) ? undefined : `one of ${words.join(', ')}`
const isTexts = (value: unknown) =>
  Array.isArray(value) && value.every(one => typeof one === 'string') ? undefined : 'a list of texts'
const isTextMap = (value: unknown) =>
  isObject(value) && Object.values(value).every(one => typeof one === 'string')
    ? undefined
    : 'names with a text each'

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const columnFields = ['schema', 'table', 'column']
const isColumns = (value: unknown): string | undefined => {
  const right =
    Array.isArray(value) &&
    value.every(
      (one: unknown) =>
        isObject(one) &&
        columnFields.every(field => typeof one[field] === 'string') &&
        isTexts(one['tags']) === undefined &&
        Object.keys(one).every(key => key === 'tags' || columnFields.includes(key)),
    )
  return right ? undefined : 'a list of { schema, table, column, tags: [ … ] }'
}

const masks = ['email', 'phone', 'card', 'name', 'date', 'number', 'null', 'constant', 'hash']

const jumpFields = ['host', 'port', 'user', 'hostKey', 'auth']
const isJump = (value: unknown): string | undefined => {
  const right =
    isObject(value) &&
    Object.keys(value).every(key => jumpFields.includes(key)) &&
    ['host', 'user', 'hostKey'].every(field => typeof value[field] === 'string') &&
    isPort(value['port']) === undefined &&
    (value['auth'] === 'key' || value['auth'] === 'password')
  return right ? undefined : '{ host, port, user, hostKey, auth: key or password }; its secret is jumpSecret'
}

export const specs: Readonly<Record<Kind, Readonly<Record<string, FieldSpec>>>> = {
  Tag: {
    description: plain(isText),
    sensitive: plain(isFlag, true),
    mask: plain(oneOf(...masks), true),
  },
  Group: { description: plain(isText) },
  User: {
    displayName: plain(isText),
    email: plain(isText),
    role: plain(oneOf('administrator', 'user')),
    groups: plain(isTexts),
    disabled: plain(isFlag),
  },
  Target: {
    protocol: plain(oneOf('postgres', 'mysql'), true),
    host: plain(isText, true),
    port: plain(isPort),
    database: plain(isText, true),
    account: plain(isText, true),
    password: { form: 'secret', check: () => undefined },
    tls: plain(oneOf('disable', 'prefer', 'require', 'verify-full')),
    tlsCa: plain(isText),
    tags: plain(isTextMap),
    disabled: plain(isFlag),
    columns: plain(isColumns),
    jump: plain(isJump),
    jumpSecret: { form: 'secret', check: () => undefined },
    sendProxy: plain(isFlag),
    exposed: plain(isFlag),
    snapshotRowsMax: plain(isCount),
  },
  Rule: {
    verdict: plain(oneOf('allow', 'deny', 'noise'), true),
    match: plain(oneOf('shape', 'text', 'pattern'), true),
    value: { form: 'verbatim', check: isText, required: true },
    target: plain(isText),
    protocol: plain(oneOf('postgres', 'mysql')),
    note: plain(isText),
  },
  Policy: {
    text: { form: 'verbatim', check: isText },
    file: { form: 'file', check: isText },
  },
}
