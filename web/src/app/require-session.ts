import type { QueryClient } from '@tanstack/react-query'
import { redirect } from '@tanstack/react-router'
import { asProblem } from '@/api/problem'
import { meQuery } from '@/api/session'
import type { Me } from '@/api/types'

/** Who is signed in, for a route that needs somebody; nobody is led to the sign-in, and back to `here` after it. */
export async function requireSession(queries: QueryClient, here: string): Promise<{ me: Me }> {
  const me = await queries.ensureQueryData(meQuery).catch((error: unknown) => {
    if (asProblem(error)?.signedOut) throw redirect({ to: '/login', search: { redirect: here } })
    throw error
  })
  return { me }
}
