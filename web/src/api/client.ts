import createClient from 'openapi-fetch'
import { followServerClock } from './clock'
import { Problem } from './problem'
import { refreshSession } from './refresh'
import type { paths } from './schema.gen'

/**
 * The one HTTP client. It renews an expired session once and repeats the call; it knows no toast and no router.
 * Use it through `call`, which throws a Problem for everything that is not 2xx.
 */
export const client = createClient<paths>({ baseUrl: window.location.origin, fetch: fetchInSession })

type Answer<T> = { data?: T; error?: unknown; response: Response }

export async function call<T>(request: Promise<Answer<T>>): Promise<T> {
  return (await callForResponse(request)).data
}

/** For the few calls whose headers matter. */
export async function callForResponse<T>(request: Promise<Answer<T>>): Promise<{ data: T; response: Response }> {
  const { data, error, response } = await request
  if (!response.ok) throw Problem.of(response, error)
  return { data: data as T, response }
}

// Signing in and out answer 401 for reasons a refresh cannot cure.
const withoutRefresh = ['/api/auth/login', '/api/auth/register', '/api/auth/refresh', '/api/auth/logout']

async function fetchInSession(request: Request): Promise<Response> {
  const startedAt = Date.now()
  const again = request.clone()
  const response = await send(request)
  if (response.status !== 401 || withoutRefresh.includes(new URL(request.url).pathname)) return response
  const refused: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  if (!curable(refused)) return response
  switch (await refreshSession(startedAt)) {
    case 'renewed':
      return send(again)
    case 'unreachable':
      // Nobody said that the session is over: this is a failed call, not a reason to sign in again.
      throw Problem.network()
    case 'refused':
      return response
  }
}

async function send(request: Request): Promise<Response> {
  try {
    const response = await fetch(request)
    followServerClock(response)
    return response
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw Problem.network()
  }
}

function curable(body: unknown): boolean {
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : null
  return code === 'token_expired' || code === 'unauthenticated'
}
