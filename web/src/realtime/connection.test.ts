import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ScriptedSocket } from '@/test/socket'
import { Connection, type ConnectionState, idle, type SessionCheck } from './connection'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function setup({ check = 'unreachable' as SessionCheck, random = 1 } = {}) {
  const sockets: ScriptedSocket[] = []
  let state: ConnectionState = idle
  const connection = new Connection({
    open: (ticket) => {
      const socket = new ScriptedSocket(ticket ? `/api/ws?ticket=${ticket}` : '/api/ws')
      sockets.push(socket)
      return socket as unknown as WebSocket
    },
    topics: () => ['inbox', 'me'],
    since: () => 'c1',
    onFrame: () => {},
    onState: (next) => {
      state = next
    },
    checkSession: async () => check,
    random: () => random,
  })
  connection.start()
  const last = () => {
    const socket = sockets.at(-1)
    if (!socket) throw new Error('no socket was opened')
    return socket
  }
  return { connection, sockets, last, now: () => state }
}

describe('a connection', () => {
  test('subscribes with the cursor of what was read first, and is live when that is confirmed', () => {
    const { last, now } = setup()
    last().accept()
    expect(last().sent[0]).toMatchObject({ type: 'subscribe', topics: ['inbox', 'me'], since: 'c1' })
    expect(now().phase).toBe('live')
  })

  test('pings every 20 seconds and gives up after 45 of silence', async () => {
    const { sockets, last } = setup()
    last().accept()
    const first = last()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(first.sent.filter((frame) => frame.type === 'ping')).toHaveLength(2)
    first.say({ type: 'pong', cursor: 'c2' })
    await vi.advanceTimersByTimeAsync(40_000)
    expect(sockets).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(first.closed).toBe(true)
    expect(sockets).toHaveLength(2)
  })

  test('backs off from half a second, doubling to thirty', async () => {
    const { sockets, last } = setup({ check: { ticket: 't' } })
    const waited: number[] = []
    for (let attempt = 0; attempt < 8; attempt += 1) {
      last().end(1006)
      const opened = sockets.length
      let milliseconds = 0
      while (sockets.length === opened) {
        await vi.advanceTimersByTimeAsync(500)
        milliseconds += 500
      }
      waited.push(milliseconds)
    }
    expect(waited).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  })

  test('spreads its tries over the whole delay', async () => {
    const { sockets, last } = setup({ random: 0.1 })
    last().accept()
    last().end(1006)
    await vi.advanceTimersByTimeAsync(50)
    expect(sockets).toHaveLength(2)
  })

  test('tries at once when the page is visible again, and trusts no silent socket', async () => {
    const { connection, sockets, last } = setup()
    last().accept()
    connection.probe()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(sockets).toHaveLength(2)
    last().accept()
    connection.probe()
    last().say({ type: 'pong', cursor: 'c' })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(sockets).toHaveLength(2)
  })

  test('says how much came back with it', () => {
    const { last, now } = setup({ random: 0 })
    last().accept()
    last().end(4008)
    expect(now()).toMatchObject({ phase: 'waiting' })
    vi.advanceTimersByTime(0)
    last().accept({ replayed: 14 })
    expect(now()).toMatchObject({ phase: 'live', lostAt: null, returned: { updates: 14 } })
  })
})

describe('close codes', () => {
  test('4001 renews the session with a ticket', async () => {
    const { sockets, last } = setup({ check: { ticket: 't1' } })
    last().accept()
    last().end(4001)
    await vi.advanceTimersByTimeAsync(0)
    expect(sockets.at(-1)?.address).toBe('/api/ws?ticket=t1')
  })

  test('4001 without a session leads to signing in', async () => {
    const { last, now } = setup({ check: 'signed_out' })
    last().accept()
    last().end(4001)
    await vi.advanceTimersByTimeAsync(0)
    expect(now()).toMatchObject({ phase: 'stopped', reason: 'signed_out' })
  })

  test('4003 stops', async () => {
    const { sockets, last, now } = setup()
    last().accept()
    last().end(4003)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(now()).toMatchObject({ phase: 'stopped', reason: 'suspended' })
    expect(sockets).toHaveLength(1)
  })

  test('4029 waits ten seconds', async () => {
    const { sockets, last } = setup({ random: 0 })
    last().accept()
    last().end(4029)
    await vi.advanceTimersByTimeAsync(9_999)
    expect(sockets).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(sockets).toHaveLength(2)
  })

  test('1012 after a drain waits as long as the server said', async () => {
    const { sockets, last } = setup()
    last().accept()
    last().say({ type: 'drain', retry_after_ms: 4_200 })
    last().end(1012)
    await vi.advanceTimersByTimeAsync(4_199)
    expect(sockets).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(sockets).toHaveLength(2)
  })

  test('1008 is tried once more and then given up', async () => {
    const { last, now } = setup({ random: 0, check: { ticket: 't' } })
    last().end(1008)
    await vi.advanceTimersByTimeAsync(0)
    last().end(1008)
    expect(now()).toMatchObject({ phase: 'stopped', reason: 'protocol' })
  })
})
