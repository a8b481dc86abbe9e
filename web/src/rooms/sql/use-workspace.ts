// The workspace of who is signed in; it goes when they sign out.

import { useSyncExternalStore } from 'react'
import { meQuery, queryClient } from '../../api/queries.ts'
import { useMe } from '../../shell/me.ts'
import { KeptTabs, type SqlTab } from './kept-tabs.ts'
import { sessionsAtServer } from './sessions-at-server.ts'
import { Workspace } from './workspace.ts'

let current: { readonly userId: string; readonly workspace: Workspace } | undefined

queryClient.getQueryCache().subscribe(() => {
  if (current !== undefined && queryClient.getQueryData(meQuery.queryKey) === null) {
    current.workspace.dispose()
    current = undefined
  }
})

function workspaceOf(userId: string): Workspace {
  if (current?.userId === userId) return current.workspace
  current?.workspace.dispose()
  const workspace = new Workspace({
    kept: new KeptTabs(localStorage, userId),
    server: sessionsAtServer,
    newId: () => Array.from(crypto.getRandomValues(new Uint8Array(6)), byte => byte.toString(36)).join(''),
    onFrame: callback => requestAnimationFrame(callback),
  })
  current = { userId, workspace }
  return workspace
}

export function useWorkspace(): { readonly workspace: Workspace; readonly tabs: readonly SqlTab[] } {
  const workspace = workspaceOf(useMe().user.id)
  const tabs = useSyncExternalStore(workspace.subscribe, workspace.look)
  return { workspace, tabs }
}
