import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { asProblem } from '@/api/problem'

/** `onSignedOut` runs when a call ended in 401 after its refresh: the person must sign in again. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const watch = (error: unknown) => {
    if (asProblem(error)?.signedOut) onSignedOut()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError: watch }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        // A wrong password is an answer to the form, not the end of a session.
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
