import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const binary = process.env.BARAZA_BINARY ?? resolve(import.meta.dirname, '../../bin/baraza')

/** A running baraza with a data folder, engines and a port of its own. */
export class Server {
  /** What Meta's webhooks are signed with here. */
  static readonly appSecret = 'an invented app secret for tests'
  readonly url: string
  private process: ChildProcess | undefined
  private log = ''

  private constructor(
    private readonly port: number,
    private readonly data: string,
  ) {
    this.url = `http://127.0.0.1:${port}`
  }

  static async start(): Promise<Server> {
    const data = mkdtempSync(join(tmpdir(), 'baraza-e2e-'))
    chmodSync(data, 0o711) // started as root, Postgres runs as somebody else and must get through
    const server = new Server(await freePort(), data)
    await server.launch()
    return server
  }

  /** Starts the program on the same data folder and waits until it is ready. */
  async launch(): Promise<void> {
    this.process = spawn(binary, ['serve'], {
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.log = (this.log + chunk.toString()).slice(-20_000)
      })
    }
    await until(`the server to be ready\n${this.log}`, async () => {
      if (this.process?.exitCode !== null) throw new Error(`the server ended: ${this.log}`)
      return (await fetch(`${this.url}/readyz`).catch(() => undefined))?.ok === true
    })
  }

  private environment(): NodeJS.ProcessEnv {
    const { BARAZA_BINARY: _, ...env } = process.env
    return {
      ...env,
      BARAZA_LISTEN: `127.0.0.1:${this.port}`,
      BARAZA_DATA: this.data,
      BARAZA_VERIFY_TENANCY: '1',
      BARAZA_LOG_LEVEL: 'warn',
      BARAZA_META_APP_SECRET: Server.appSecret,
      BARAZA_RATE_LIMITS: 'address=60000:6000,register=6000:600',
    }
  }

  /** The newest letter to somebody with a subject, once it is there; read as the operator does, with `baraza mailbox`. */
  async letter(to: string, subject: string): Promise<string> {
    const letters = async () => {
      const { stdout } = await promisify(execFile)(binary, ['mailbox'], { env: this.environment() })
      return stdout.split(/^(?=\d{4}-\d\d-\d\dT.*\nTo: )/m)
    }
    let found: string | undefined
    await until(`the letter “${subject}” to ${to}`, async () => {
      found = (await letters()).findLast((one) => one.includes(`To: ${to}\nSubject: ${subject}\n`))
      return found !== undefined
    })
    return found ?? ''
  }

  /** The path of the link a first start prints. */
  async setupLink(): Promise<string> {
    const printed = () => /Open (http\S+\/setup\?token=\S+)/.exec(this.log)?.[1]
    await until('the set-up link', async () => printed() !== undefined)
    const { pathname, search } = new URL(printed() ?? '')
    return pathname + search
  }

  /** The path of the first link of a letter. */
  static linkOf(letter: string): string {
    const [link] = /https?:\S+/.exec(letter) ?? []
    if (!link) throw new Error(`no link in: ${letter}`)
    const { pathname, search } = new URL(link)
    return pathname + search
  }

  /** Ends the program as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.end('SIGINT')
    rmSync(this.data, { recursive: true, force: true })
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const process = this.process
    if (!process || process.exitCode !== null) return
    const exited = once(process, 'exit')
    process.kill(signal)
    await exited
  }
}

/** Polls until ok, for what the server or the page will have done. */
export async function until(what: string, ok: () => Promise<boolean>, patience = 60_000): Promise<void> {
  const deadline = Date.now() + patience
  while (!(await ok())) {
    if (Date.now() > deadline) throw new Error(`still waiting: ${what}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
