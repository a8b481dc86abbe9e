// Every word of the console in Japanese. A key that is missing here does not compile.

import { apiTokens } from './ja/api-tokens.ts'
import { app } from './ja/app.ts'
import { audit } from './ja/audit.ts'
import { changes } from './ja/changes.ts'
import { common } from './ja/any-page.ts'
import { connect } from './ja/connect.ts'
import { devices } from './ja/devices.ts'
import { errors } from './ja/errors.ts'
import { figures } from './ja/figures.ts'
import { groups } from './ja/groups.ts'
import { keys } from './ja/keys.ts'
import { mask } from './ja/mask.ts'
import { maskKeeps } from './ja/mask-keeps.ts'
import { nav } from './ja/nav.ts'
import { palette } from './ja/palette.ts'
import { password } from './ja/password.ts'
import { policyForm } from './ja/policy-form.ts'
import { difference } from './ja/difference.ts'
import { terms } from './ja/terms.ts'
import { replay } from './ja/replay.ts'
import { tester } from './ja/tester.ts'
import { reach } from './ja/reach.ts'
import { policies } from './ja/policies.ts'
import { problem } from './ja/problem.ts'
import { profile } from './ja/profile.ts'
import { requests } from './ja/requests.ts'
import { rules } from './ja/rules.ts'
import { sessions } from './ja/sessions.ts'
import { signIn } from './ja/sign-in.ts'
import { snapshot } from './ja/snapshot.ts'
import { sql } from './ja/sql.ts'
import { sqlRun } from './ja/sql-run.ts'
import { sqlResults } from './ja/sql-results.ts'
import { sqlPlan } from './ja/sql-plan.ts'
import { sqlPanels } from './ja/sql-panels.ts'
import { sqlKeys } from './ja/sql-keys.ts'
import { steps } from './ja/steps.ts'
import { tables } from './ja/tables.ts'
import { tags } from './ja/tags.ts'
import { targetForm } from './ja/target-form.ts'
import { targetList } from './ja/target-list.ts'
import { targets } from './ja/targets.ts'
import { people } from './ja/people.ts'
import { health } from './ja/health.ts'
import { home } from './ja/home.ts'
import { attention } from './ja/attention.ts'
import { tokens } from './ja/tokens.ts'
import { tour } from './ja/tour.ts'
import { users } from './ja/users.ts'
import type { Words } from './words.ts'

export const ja: Words = {
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
