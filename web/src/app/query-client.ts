import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { asProblem } from '@/api/problem'

/** What a person must do before the server answers anything else. */
export type Duty = 'password_change_required' | 'mfa_setup_required'

/**
 * `onSignedOut` runs when a call ended in 401 after its refresh: the person must sign in again. `onDuty` runs when
 * reading was refused because of what the person owes their workspace first.
 */
export function createQueryClient(onSignedOut: () => void, onDuty: (duty: Duty) => void = () => {}): QueryClient {
  const watch = (error: unknown) => {
    if (asProblem(error)?.signedOut) onSignedOut()
  }
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        watch(error)
        const code = asProblem(error)?.code
        if (code === 'password_change_required' || code === 'mfa_setup_required') onDuty(code)
      },
    }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        // Signing out of a session that is over has succeeded.
        if (!mutation.meta?.answersSignIn) watch(error)
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // Refused is refused; what may pass is tried twice more.
        retry: (count, error) => count < 2 && (asProblem(error)?.passing ?? false) && asProblem(error)?.status !== 429,
        refetchOnWindowFocus: false, // the socket keeps what is on screen fresh
        networkMode: 'always', // navigator.onLine lies; the call itself finds out
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}
