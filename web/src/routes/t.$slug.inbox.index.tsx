import { createFileRoute } from '@tanstack/react-router'
import { NothingSelected } from '@/features/chat/nothing-selected'

export const Route = createFileRoute('/t/$slug/inbox/')({ component: NothingSelected })
