import type { Server } from './server'

/** A workspace made over the API as a program would, with a simulated line. */
export class Workspace {
  private constructor(
    private readonly server: Server,
    readonly email: string,
    readonly slug: string,
    private readonly token: string,
    private readonly channel: string,
  ) {}

  static readonly password = 'nine plain words for a test'

  static async create(server: Server, name: string): Promise<Workspace> {
    const email = `owner@${name.toLowerCase()}.test`
    const session = await call(server, 'POST', '/api/auth/register', undefined, {
      tenant_name: name,
      name: `${name} Owner`,
      email,
      password: Workspace.password,
    })
    const channel = await call(server, 'POST', '/api/channels/simulated', session.access_token, {
      kind: 'whatsapp',
      name: 'Support line',
    })
    return new Workspace(server, email, session.tenant.slug, session.access_token, channel.id)
  }

  /** A customer writes, over the same signed webhook as on the real platform. */
  async customerWrites(name: string, phone: string, text: string, at?: Date): Promise<string> {
    const done = await call(this.server, 'POST', `/api/channels/${this.channel}/simulate`, this.token, {
      from: { name, id: phone },
      kind: 'text',
      text,
      at: at?.toISOString() ?? null,
      target: '',
      faults: [],
    })
    return done.provider_id
  }

  /** Asks the API as the owner does. */
  // biome-ignore lint/suspicious/noExplicitAny: the tests name what they read of an answer.
  call(method: string, path: string, body?: unknown): Promise<any> {
    return call(this.server, method, path, this.token, body)
  }

  async conversations(): Promise<{ id: string; number: number; last_seq: number }[]> {
    return (await call(this.server, 'GET', '/api/conversations', this.token)).items
  }

  async messages(conversation: string): Promise<{ seq: number; kind: string; text: string | null; status: string }[]> {
    return (
      await call(this.server, 'GET', `/api/conversations/${conversation}/messages?include=events&limit=200`, this.token)
    ).items
  }
}

async function call(
  server: Server,
  method: string,
  path: string,
  token?: string,
  body?: unknown,
  patience = 10,
  // biome-ignore lint/suspicious/noExplicitAny: the tests name what they read of an answer.
): Promise<any> {
  const answer = await fetch(server.url + path, {
    method,
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await answer.text()
  // The contract of a 503: come back. Only reads do; a write said twice would be two.
  if (answer.status === 503 && method === 'GET' && patience > 0) {
    await new Promise((done) => setTimeout(done, Number(answer.headers.get('Retry-After') ?? 1) * 1000))
    return call(server, method, path, token, body, patience - 1)
  }
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return JSON.parse(text)
}
