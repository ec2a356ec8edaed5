import { useState } from 'react'
import type { Conversation } from '@/api/types'
import { type Arrangement, arrange, nothingShown } from './list.model'

type Situation = { held: boolean; selected: string | null }

/** The rows to show, and `release`, which lets in what waits. */
export function useArrangement(loaded: Conversation[], { held, selected }: Situation) {
  const [shown, setShown] = useState<Arrangement>(nothingShown)
  const [source, setSource] = useState<(Situation & { loaded: Conversation[] }) | null>(null)
  if (source?.loaded !== loaded || source.held !== held || source.selected !== selected) {
    setSource({ loaded, held, selected })
    setShown(arrange(shown, loaded, { held, selected }))
  }
  const release = () => setShown(arrange(shown, loaded, { held: false, selected }))
  return { ...shown, release }
}
