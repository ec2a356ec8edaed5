// Dangerous acts want a proof, not older than ten minutes, of who is there. The server says so by refusing; the page
// asks, and the act is done again.
import { useSyncExternalStore } from 'react'
import { asProblem } from './problem'

let answer: ((proved: boolean) => void) | null = null
let question: Promise<boolean> | null = null
const listeners = new Set<() => void>()

/** Does a dangerous act. When the person does not want to prove who they are, its refusal stays. */
export async function withStepUp<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (asProblem(error)?.code !== 'step_up_required' || !(await ask())) throw error
    return act()
  }
}

function ask(): Promise<boolean> {
  question ??= new Promise<boolean>((resolve) => {
    answer = resolve
  }).finally(() => {
    question = null
  })
  tell()
  return question
}

/** Ends the question, for every act that waits for it. */
export function answerStepUp(proved: boolean): void {
  answer?.(proved)
  answer = null
  tell()
}

/** Whether some act waits for a proof. */
export function useStepUpAsked(): boolean {
  return useSyncExternalStore(subscribe, () => answer !== null)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function tell() {
  for (const listener of listeners) listener()
}
