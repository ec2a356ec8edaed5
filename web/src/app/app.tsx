import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { Direction } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import type { createAppRouter } from './router'

type Props = { queries: QueryClient; router: ReturnType<typeof createAppRouter> }

export function App({ queries, router }: Props) {
  const { i18n } = useTranslation()
  return (
    <QueryClientProvider client={queries}>
      <Direction.Provider dir={i18n.dir()}>
        <RouterProvider router={router} />
      </Direction.Provider>
    </QueryClientProvider>
  )
}
