// The user agent: a program of its own on the user's computer. Of the rooms it knows the tunnel's client end alone.

import { completion, doctor, logs } from './agent/care-commands.ts'
import { connect, ls, mysql, psql, up } from './agent/connect-commands.ts'
import { config, login, logout, status } from './agent/sign-in-commands.ts'

export const agentCommands = {
  login,
  logout,
  status,
  ls,
  connect,
  psql,
  mysql,
  up,
  config,
  doctor,
  logs,
  completion,
} as const
