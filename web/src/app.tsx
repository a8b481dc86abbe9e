// What surrounds every page: theme, language, server state, and the gate that asks who is there.

import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { meQuery, queryClient } from './api/queries.ts'
import { theme, themeStorageKey } from './identity/theme.ts'
import { Problem } from './parts/page.tsx'
import { FirstPassword } from './rooms/sign-in/first-password.tsx'
import { SignIn } from './rooms/sign-in/sign-in.tsx'
import { router } from './router.tsx'

const colorSchemes = localStorageColorSchemeManager({ key: themeStorageKey })

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorSchemes}>
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" autoClose={5000} />
        <Gate />
      </QueryClientProvider>
    </MantineProvider>
  )
}

/** The address stays as it was while somebody signs in, so that they arrive where they wanted to go. */
function Gate() {
  const me = useQuery(meQuery)
  if (me.isPending) return null
  if (me.isError) {
    return (
      <div className="page">
        <Problem error={me.error} onRetry={() => void me.refetch()} />
      </div>
    )
  }
  if (me.data === null) return <SignIn />
  if (me.data.mustChangePassword) return <FirstPassword me={me.data} />
  return <RouterProvider router={router} context={{ me: me.data }} />
}
