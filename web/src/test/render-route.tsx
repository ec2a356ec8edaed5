import { createMemoryHistory } from '@tanstack/react-router'
import { render } from '@testing-library/react'
import axe from 'axe-core'
import { expect } from 'vitest'
import { App } from '@/app/app'
import { createQueryClient } from '@/app/query-client'
import { createAppRouter } from '@/app/router'

/** The whole app at an address, as main.tsx starts it. */
export function renderRoute(path: string) {
  const queries = createQueryClient(() => {})
  queries.setDefaultOptions({ queries: { ...queries.getDefaultOptions().queries, retry: false } })
  const router = createAppRouter(queries, createMemoryHistory({ initialEntries: [path] }))
  return { ...render(<App queries={queries} router={router} />), router, queries }
}

/** Nothing serious for assistive technology. Contrast is computed from the tokens by npm run contrast. */
export async function expectAccessible(container: Element) {
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } })
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
}
