import { useEffect, useRef, useSyncExternalStore } from 'react'
import type en from '@/i18n/en.json'

export type CommandScope = 'general' | 'inbox' | 'conversation' | 'composer'

export type CommandId = keyof typeof en.keys.command

export type Command = {
  id: CommandId
  scope: CommandScope
  /** Alternatives: `J`, `ArrowDown`, `Mod+Enter`. Single keys are ignored while somebody types. */
  keys: string[]
  /** Without it the command is only listed: its control listens itself. */
  run?: () => void
}

let registered: readonly Command[] = []
const listeners = new Set<() => void>()

function change(next: readonly Command[]) {
  registered = next
  for (const listener of listeners) listener()
}

/** Makes commands available while the component is mounted; the newest registration of a key wins. */
export function useCommands(commands: Command[]): void {
  const latest = useRef(commands)
  useEffect(() => {
    latest.current = commands
  })
  const names = commands.map((command) => `${command.id} ${command.keys.join(' ')}`).join('\n')
  // Registered once per set of names; `run` is read at the moment of the key, so it never closes over old state.
  // biome-ignore lint/correctness/useExhaustiveDependencies: names stands for the commands
  useEffect(() => {
    const entries = latest.current.map((command): Command => {
      const { run, ...named } = command
      if (!run) return named
      return { ...named, run: () => latest.current.find((item) => item.id === command.id)?.run?.() }
    })
    change([...registered, ...entries])
    return () => change(registered.filter((entry) => !entries.includes(entry)))
  }, [names])
}

export function useRegisteredCommands(): readonly Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => registered,
  )
}

/** Runs the command of a key press, if there is one and nobody is typing. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || isBusy(event)) return
  const command = registered.findLast((item) => item.run && item.keys.some((key) => pressed(event, key)))
  if (!command?.run) return
  event.preventDefault()
  command.run()
}

function pressed(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split('+')
  const key = parts.at(-1) ?? ''
  const mod = parts.includes('Mod')
  if (mod !== (event.metaKey || event.ctrlKey) || event.altKey) return false
  // Where ? and its like sit differs per keyboard, and some need Shift: only letters and named keys look at it.
  const symbol = key.length === 1 && !/[a-z]/i.test(key)
  if (!symbol && parts.includes('Shift') !== event.shiftKey) return false
  return event.key.toLowerCase() === key.toLowerCase()
}

/** While typing, single keys are letters; an open menu or dialog has keys of its own; F6 and Escape always count. */
function isBusy(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null
  if (target?.closest('[role="menu"], [role="dialog"]')) return true
  if (event.key === 'F6' || event.key === 'Escape') return false
  const typing = target?.closest('input, textarea, select, [contenteditable="true"]')
  if (typing) return !(event.metaKey || event.ctrlKey)
  // Enter on a control is that control's own.
  return event.key === 'Enter' && target?.closest('a, button, [role="button"], summary') !== null && target !== null
}
