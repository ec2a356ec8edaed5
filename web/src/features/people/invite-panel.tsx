import { Plus } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem, type Problem } from '@/api/problem'
import type { Role, Team } from '@/api/types'
import { announce } from '@/ui/announcer'
import { Button } from '@/ui/button'
import { Panel } from '@/ui/panel'
import { Refusal } from '@/ui/refusal'
import { useCreateInvitation } from './api/create-invitation'
import { InviteLineFields } from './invite-line-fields'
import { type InviteLine, newLine, spread } from './invite-lines.model'
import { isAddress } from './people.model'
import { usePeopleWords } from './people-words'
import { useLackWords } from './use-lack-words'

type Props = { roles: Role[]; teams: Team[]; onClose: () => void }

// What concerns every line, not the one that met it: the rest would be refused, too.
const general = ['network', 'step_up_required', 'rate_limited', 'too_many_attempts', 'tenant_suspended', 'plan_limit']

/** Invites one person or many, each with a role and teams of their own. */
export function InvitePanel({ roles, teams, onClose }: Props) {
  const { t } = useTranslation()
  const own = usePeopleWords()
  const lacks = useLackWords()
  const create = useCreateInvitation()
  const givable = roles.filter((role) => lacks(role) === null)
  const usual = givable.find((role) => role.key === 'agent') ?? givable.at(-1)
  const [lines, setLines] = useState<InviteLine[]>(() => [newLine({ roleId: usual?.id ?? '', teamIds: [] })])
  const [problems, setProblems] = useState<ReadonlyMap<number, Problem | 'address' | 'twice'>>(new Map())
  const [refused, setRefused] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => focusLine(form.current, 0), [])

  const unsent = lines.filter((line) => line.url === null)
  const set = (key: number, change: Partial<InviteLine>) => {
    setLines((now) => now.map((line) => (line.key === key ? { ...line, ...change } : line)))
    setProblems((now) => new Map([...now].filter(([of]) => of !== key)))
  }
  const handlePaste = (line: InviteLine, text: string) => setLines((now) => spread(now, line, text))
  const handleAdd = () => {
    setLines((now) => [...now, newLine(now.at(-1) ?? { roleId: usual?.id ?? '', teamIds: [] })])
    requestAnimationFrame(() => focusLine(form.current, -1))
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setRefused(null)
    const found = checked(unsent)
    const show = () => setProblems(new Map(found))
    show()
    if (found.size > 0) return
    setBusy(true)
    let sent = 0
    for (const line of unsent) {
      try {
        const { url } = await create.mutateAsync({
          email: line.email.trim(),
          role_id: line.roleId,
          team_ids: line.teamIds,
        })
        set(line.key, { url })
        sent += 1
      } catch (error) {
        const problem = asProblem(error)
        if (!problem || general.includes(problem.code) || problem.status >= 500) {
          setRefused(problem)
          break
        }
        found.set(line.key, problem)
        show()
      }
    }
    setBusy(false)
    if (sent > 0) announce(t('people.invited_said', { count: sent }))
  }
  return (
    <Panel title={t('people.invite')} lead={t('people.invite_lead')}>
      <form ref={form} onSubmit={submit} noValidate className="flex flex-col gap-4">
        <ul className="flex flex-col gap-4 max-desk:gap-6">
          {lines.map((line, index) => (
            <InviteLineFields
              key={line.key}
              line={line}
              number={index + 1}
              roles={roles}
              teams={teams}
              problem={problems.get(line.key) ?? null}
              onChange={(change) => set(line.key, change)}
              onPaste={(text) => handlePaste(line, text)}
              onRemove={lines.length > 1 ? () => setLines(lines.filter((item) => item !== line)) : undefined}
            />
          ))}
        </ul>
        <Refusal problem={refused} own={own(refused)} />
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" look="primary" busy={busy} disabled={unsent.length === 0}>
            {t('people.send_invitations', { count: Math.max(1, unsent.length) })}
          </Button>
          <Button onClick={handleAdd}>
            <Plus aria-hidden className="size-4" strokeWidth={1.75} />
            {t('people.add_line')}
          </Button>
          <Button look="ghost" onClick={onClose}>
            {unsent.length === 0 ? t('people.done') : t('form.cancel')}
          </Button>
        </div>
      </form>
    </Panel>
  )
}

/** What is wrong with the lines before the server is asked. */
function checked(lines: InviteLine[]): Map<number, Problem | 'address' | 'twice'> {
  const found = new Map<number, Problem | 'address' | 'twice'>()
  const seen = new Set<string>()
  for (const { key, email } of lines) {
    const address = email.trim().toLowerCase()
    if (!isAddress(address)) found.set(key, 'address')
    else if (seen.has(address)) found.set(key, 'twice')
    seen.add(address)
  }
  return found
}

function focusLine(form: HTMLFormElement | null, at: number) {
  const inputs = form?.querySelectorAll<HTMLInputElement>('input[type=email]')
  ;(inputs && [...inputs].at(at))?.focus()
}
