// Every word of the console in English, by area: the list of keys that other languages must fill.

import { apiTokens } from './en/api-tokens.ts'
import { app } from './en/app.ts'
import { audit } from './en/audit.ts'
import { changes } from './en/changes.ts'
import { common } from './en/any-page.ts'
import { connect } from './en/connect.ts'
import { devices } from './en/devices.ts'
import { errors } from './en/errors.ts'
import { figures } from './en/figures.ts'
import { groups } from './en/groups.ts'
import { keys } from './en/keys.ts'
import { mask } from './en/mask.ts'
import { maskKeeps } from './en/mask-keeps.ts'
import { nav } from './en/nav.ts'
import { palette } from './en/palette.ts'
import { password } from './en/password.ts'
import { policyForm } from './en/policy-form.ts'
import { difference } from './en/difference.ts'
import { terms } from './en/terms.ts'
import { replay } from './en/replay.ts'
import { tester } from './en/tester.ts'
import { reach } from './en/reach.ts'
import { policies } from './en/policies.ts'
import { problem } from './en/problem.ts'
import { profile } from './en/profile.ts'
import { requests } from './en/requests.ts'
import { rules } from './en/rules.ts'
import { sessions } from './en/sessions.ts'
import { signIn } from './en/sign-in.ts'
import { snapshot } from './en/snapshot.ts'
import { sql } from './en/sql.ts'
import { sqlRun } from './en/sql-run.ts'
import { sqlResults } from './en/sql-results.ts'
import { sqlPlan } from './en/sql-plan.ts'
import { sqlPanels } from './en/sql-panels.ts'
import { sqlKeys } from './en/sql-keys.ts'
import { steps } from './en/steps.ts'
import { tables } from './en/tables.ts'
import { tags } from './en/tags.ts'
import { targetForm } from './en/target-form.ts'
import { targetList } from './en/target-list.ts'
import { targets } from './en/targets.ts'
import { people } from './en/people.ts'
import { health } from './en/health.ts'
import { home } from './en/home.ts'
import { attention } from './en/attention.ts'
import { tokens } from './en/tokens.ts'
import { tour } from './en/tour.ts'
import { users } from './en/users.ts'

export const en = {
  app,
  nav,
  home,
  palette,
  tour,
  keys,
  common,
  problem,
  errors,
  signIn,
  password,
  targets,
  targetList,
  people,
  health,
  attention,
  steps,
  connect,
  targetForm,
  tables,
  tags,
  maskKeeps,
  mask,
  sql,
  sqlKeys,
  sqlPanels,
  sqlPlan,
  sqlResults,
  sqlRun,
  audit,
  figures,
  snapshot,
  changes,
  users,
  groups,
  policies,
  reach,
  tester,
  replay,
  terms,
  difference,
  policyForm,
  rules,
  tokens,
  devices,
  apiTokens,
  requests,
  sessions,
  profile,
}
