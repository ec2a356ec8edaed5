// Answers fetch with the contract's shapes: routes by method and path, problems as problem+json, X-Request-Id always.
import { vi } from 'vitest'

type Call = { method: string; path: string; query: URLSearchParams; body: unknown }
type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | 'network'
type Handler = (call: Call) => Answer | Promise<Answer>

export type StubServer = { calls: Call[]; on: (route: string, handler: Handler) => void }

export const problem = (status: number, code: string, more: Record<string, unknown> = {}): Answer => ({
  status,
  body: {
    type: 'about:blank',
    title: code,
    status,
    code,
    detail: `Detail of ${code}.`,
    request_id: 'req12345',
    ...more,
  },
})

/** `on('GET /api/messages/:id', …)`; the last registration of a route wins; an unknown one is 404. */
export function stubServer(routes: Record<string, Handler> = {}): StubServer {
  const handlers = new Map(Object.entries(routes))
  const calls: Call[] = []
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(new URL(input, window.location.origin), init)
    const { pathname, searchParams } = new URL(request.url)
    const text = request.method === 'GET' ? '' : await request.text()
    const call: Call = {
      method: request.method,
      path: pathname,
      query: searchParams,
      body: text ? JSON.parse(text) : null,
    }
    calls.push(call)
    const handler = find(handlers, call)
    const answer = handler ? await handler(call) : problem(404, 'not_found')
    if (answer === 'network') throw new TypeError('Failed to fetch')
    const status = answer.status ?? 200
    return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), {
      status,
      headers: {
        'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json',
        'X-Request-Id': 'req12345',
        ...answer.headers,
      },
    })
  })
  return { calls, on: (route, handler) => handlers.set(route, handler) }
}

function find(handlers: Map<string, Handler>, { method, path }: Call): Handler | undefined {
  const exact = handlers.get(`${method} ${path}`)
  if (exact) return exact
  for (const [route, handler] of handlers) {
    const pattern = new RegExp(`^${route.replace(/:[a-z]+/g, '[^/]+')}$`)
    if (pattern.test(`${method} ${path}`)) return handler
  }
  return undefined
}
