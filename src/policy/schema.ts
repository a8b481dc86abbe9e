// What policies speak about, in Cedar's own schema language. docs/policies.md explains it; nothing else defines it.

/**
 * Tables and columns carry the tags of their target, so that one condition (`resource.getTag("env") == "prod"`) works for
 * every action on databases. Servers, clusters and web apps become further entities and actions beside these.
 */
export const policySchema = `
entity Group;
entity User in [Group] = { name: String, email?: String, role: String };

entity Target = { name: String, protocol: String, database: String } tags String;
entity Schema in [Target];
entity Table in [Schema] = { schema: String, name: String, target: Target } tags String;
entity Tag in [Tag];
entity Column in [Table, Tag] = { name: String, table: Table, schema: String, target: Target } tags String;

type Moment = {
  now: datetime,
  hour: Long,
  weekday: Long,
  localHour: Long,
  localWeekday: Long,
  address?: ipaddr,
  console: Bool,
  program: String,
  reason: Bool,
  approved: Bool,
};

action write;
action connect, administer, call appliesTo { principal: [User], resource: [Target], context: Moment };
action define appliesTo { principal: [User], resource: [Table, Target], context: Moment };
action select, export, import appliesTo { principal: [User], resource: [Table, Column], context: Moment };
action insert, update in [Action::"write"]
  appliesTo { principal: [User], resource: [Table, Column], context: Moment };
action delete in [Action::"write"] appliesTo { principal: [User], resource: [Table], context: Moment };
action reveal appliesTo { principal: [User], resource: [Column], context: Moment };
`

/**
 * Actions that a `forbid` can take away for single columns: what a statement reads, and what it writes. The permit is always that
 * of the table.
 */
export const columnActions = {
  select: 'reads',
  export: 'reads',
  insert: 'writes',
  update: 'writes',
  import: 'writes',
} as const satisfies Partial<Record<string, 'reads' | 'writes'>>

/** Every action that can be asked for, with the groups of actions it is in. */
export const actionGroups = {
  connect: [],
  administer: [],
  call: [],
  define: [],
  select: [],
  insert: ['write'],
  update: ['write'],
  delete: ['write'],
  export: [],
  import: [],
  reveal: [],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type ActionName = keyof typeof actionGroups

export const actionNames = Object.keys(actionGroups) as readonly ActionName[]
