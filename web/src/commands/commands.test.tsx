import { fireEvent, render } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Command, handleKey, useCommands } from './commands'

beforeEach(() => document.addEventListener('keydown', handleKey))
afterEach(() => document.removeEventListener('keydown', handleKey))

function Page({ commands }: { commands: Command[] }) {
  useCommands(commands)
  return (
    <>
      <textarea aria-label="text" />
      <button type="button">press</button>
    </>
  )
}

function setup(keys: string[]) {
  const run = vi.fn()
  const page = render(<Page commands={[{ id: 'reply', scope: 'conversation', keys, run }]} />)
  return { run, ...page }
}

describe('single keys', () => {
  test('run wherever nobody types, in either case', () => {
    const { run } = setup(['J'])
    fireEvent.keyDown(document.body, { key: 'j' })
    fireEvent.keyDown(document.body, { key: 'J', shiftKey: true })
    expect(run).toHaveBeenCalledTimes(1)
  })

  test('are letters while somebody types', () => {
    const { run, getByLabelText } = setup(['J'])
    fireEvent.keyDown(getByLabelText('text'), { key: 'j' })
    expect(run).not.toHaveBeenCalled()
  })

  test('stay with the browser when a modifier is held', () => {
    const { run } = setup(['R'])
    fireEvent.keyDown(document.body, { key: 'r', ctrlKey: true })
    expect(run).not.toHaveBeenCalled()
  })

  test('leave Enter to the control that has the focus', () => {
    const { run, getByText } = setup(['Enter'])
    fireEvent.keyDown(getByText('press'), { key: 'Enter' })
    expect(run).not.toHaveBeenCalled()
    fireEvent.keyDown(document.body, { key: 'Enter' })
    expect(run).toHaveBeenCalledTimes(1)
  })
})

test('a symbol is found wherever the keyboard has it', () => {
  const { run } = setup(['?'])
  fireEvent.keyDown(document.body, { key: '?', shiftKey: true })
  fireEvent.keyDown(document.body, { key: '?' })
  expect(run).toHaveBeenCalledTimes(2)
})

test('a command ends with its component', () => {
  const { run, unmount } = setup(['J'])
  unmount()
  fireEvent.keyDown(document.body, { key: 'j' })
  expect(run).not.toHaveBeenCalled()
})
