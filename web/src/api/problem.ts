import type { FieldError, ProblemBody } from './types'

/** A problem document with the extra members some codes carry. A newer server may know more codes than this page. */
type Extra = Partial<
  Record<'permission' | 'methods' | 'reason' | 'inviter' | 'tenant_name' | 'provider' | 'used', unknown>
>
type Document = Partial<Omit<ProblemBody, 'code'>> & Extra & { code?: string }

// Answers to what somebody typed: the session, if there is one, goes on.
const notProved = ['invalid_credentials', 'totp_required', 'totp_invalid']

/**
 * What a call throws when it does not succeed: the server's problem document, or one made here when no
 * document came back. `status` 0 and code `network` mean that no answer was received at all.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly code: string
  readonly requestId: string | null
  readonly fields: FieldError[]
  /** Seconds to wait before the next try, when the server named them. */
  readonly retryAfter: number | null
  /** The permission that is missing, when the server named it. */
  readonly permission: string | null
  /** What would prove besides the password who somebody is, when the server named it. */
  readonly methods: string[]
  /** What another server said that did not do its part, when ours named it. */
  readonly provider: string | null
  readonly receivedAt = Date.now()
  private readonly document: Document

  constructor(status: number, body: Document, requestId: string | null = null, retryAfter: number | null = null) {
    super(body.detail ?? body.title ?? body.code ?? `status ${status}`)
    this.document = body
    this.status = status
    this.code = body.code ?? (status === 0 ? 'network' : 'internal')
    this.requestId = body.request_id ?? requestId
    this.fields = body.errors ?? []
    this.retryAfter = retryAfter
    this.permission = typeof body.permission === 'string' ? body.permission : null
    this.provider = sentence(body.provider)
    this.methods = Array.isArray(body.methods) ? body.methods.filter((item) => typeof item === 'string') : []
  }

  static network(): Problem {
    return new Problem(0, { code: 'network' })
  }

  /** Reads an answer that is not 2xx; a body that is no problem document (a proxy's page) leaves only the status. */
  static of(response: Response, body: unknown): Problem {
    const document = isDocument(body) ? body : { code: response.status >= 502 ? 'unavailable' : 'internal' }
    const seconds = Number.parseInt(response.headers.get('Retry-After') ?? '', 10)
    return new Problem(
      response.status,
      document,
      response.headers.get('X-Request-Id'),
      Number.isNaN(seconds) ? null : seconds,
    )
  }

  /** A word the server added to this code. */
  word(name: 'reason' | 'inviter' | 'tenant_name'): string | null {
    const value = this.document[name]
    return typeof value === 'string' ? value : null
  }

  /** A number the server added to this code. */
  number(name: 'used'): number | null {
    const value = this.document[name]
    return typeof value === 'number' ? value : null
  }

  /** The same call may succeed later without anybody changing anything. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }

  /** There is no session, or no longer. */
  get signedOut(): boolean {
    return this.status === 401 && !notProved.includes(this.code)
  }
}

/** A caught value as a Problem; anything else is a defect of ours and stays what it is. */
export function asProblem(error: unknown): Problem | null {
  return error instanceof Problem ? error : null
}

function sentence(provider: unknown): string | null {
  const said = typeof provider === 'object' && provider !== null && 'message' in provider ? provider.message : null
  return typeof said === 'string' ? said : null
}

function isDocument(body: unknown): body is Document {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
}
