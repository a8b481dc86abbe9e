// Ready-made policies for the usual kinds of people. The names of groups and targets are to be changed to one's own.

export interface PolicyTemplate {
  readonly name: 'read-only' | 'analyst' | 'developer' | 'dba' | 'break-glass'
  readonly text: string
}

const readOnly = `// Reading, and nothing else; the session at the target is made read only, too.
@id("read-only")
@read_only("true")
permit (
  principal in Group::"readers",
  action in [Action::"connect", Action::"select"],
  resource
);
`

const analyst = `// Reading at most 10,000 rows at a time, with hidden columns masked and nothing taken away in bulk.
@id("analyst")
@row_limit("10000")
@byte_limit("100MB")
@time_limit("5m")
permit (
  principal in Group::"analysts",
  action in [Action::"connect", Action::"select"],
  resource
);

@id("analyst-no-export")
forbid (
  principal in Group::"analysts",
  action in [Action::"export", Action::"import"],
  resource
);
`

const developer = `// Reading and writing rows wherever the target is not tagged env=prod; structure stays as it is.
@id("developer")
@require_where("true")
@time_limit("10m")
permit (
  principal in Group::"developers",
  action in [Action::"connect", Action::"select", Action::"write", Action::"call"],
  resource
)
unless { resource.hasTag("env") && resource.getTag("env") == "prod" };

@id("developer-no-define")
forbid (
  principal in Group::"developers",
  action in [Action::"define", Action::"administer"],
  resource
);
`

const dba = `// Everything but seeing hidden columns. Whoever changes structure or administers says why.
@id("dba-connect")
@idle_timeout("30m")
permit (
  principal in Group::"dba",
  action == Action::"connect",
  resource
);

@id("dba-rows")
@require_where("true")
permit (
  principal in Group::"dba",
  action in [Action::"select", Action::"write", Action::"call", Action::"export", Action::"import"],
  resource
);

@id("dba-structure")
@require_reason("true")
permit (
  principal in Group::"dba",
  action in [Action::"define", Action::"administer"],
  resource
);
`

const breakGlass = `// For emergencies: each statement with a reason, approved by an administrator, and on disk in the audit before it runs.
@id("break-glass-connect")
@max_sessions("1")
@idle_timeout("15m")
@audit("strict")
permit (
  principal in Group::"on-call",
  action == Action::"connect",
  resource
);

@id("break-glass")
@require_reason("true")
@approval("administrators")
@require_where("true")
@time_limit("1m")
@audit("strict")
permit (
  principal in Group::"on-call",
  action in
    [Action::"select",
     Action::"write",
     Action::"define",
     Action::"administer",
     Action::"call",
     Action::"export",
     Action::"import"],
  resource
);
`

export const policyTemplates: readonly PolicyTemplate[] = [
  { name: 'read-only', text: readOnly },
  { name: 'analyst', text: analyst },
  { name: 'developer', text: developer },
  { name: 'dba', text: dba },
  { name: 'break-glass', text: breakGlass },
]
