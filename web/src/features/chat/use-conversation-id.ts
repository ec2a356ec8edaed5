import { useQuery, useQueryClient } from '@tanstack/react-query'
import { asProblem } from '@/api/problem'
import { conversationReferenceQuery, knownReference } from './api/get-conversation'

/** The id behind the number or id in the address bar; lists that are loaded answer without a request. */
export function useConversationId(reference: string | null) {
  const queries = useQueryClient()
  const { data, error, refetch, isFetching } = useQuery({
    ...conversationReferenceQuery(reference ?? ''),
    enabled: reference !== null,
    initialData: () => (reference === null ? undefined : knownReference(queries, reference)),
  })
  return {
    id: reference === null ? undefined : data,
    problem: data === undefined ? asProblem(error) : null,
    retry: () => void refetch(),
    retrying: isFetching,
  }
}
