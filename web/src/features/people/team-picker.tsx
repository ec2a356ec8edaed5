import { ChevronDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Team } from '@/api/types'
import { Menu, MenuCheckboxItem, MenuContent, MenuTrigger } from '@/ui/menu'
import { toggled } from './role.model'

type Props = { label: string; teams: Team[]; chosen: string[]; onChange: (teams: string[]) => void }

/** Any number of teams; the button says which. */
export function TeamPicker({ label, teams, chosen, onChange }: Props) {
  const { t, i18n } = useTranslation()
  const names = teams.filter((team) => chosen.includes(team.id)).map((team) => team.name)
  const words = names.length > 0 ? new Intl.ListFormat(i18n.language).format(names) : t('people.no_team')
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span aria-hidden className="font-medium text-compact">
        {label}
      </span>
      <Menu>
        <MenuTrigger
          aria-label={`${label}: ${words}`}
          className="flex h-10 min-w-0 items-center justify-between gap-2 rounded-input border border-line-strong bg-surface px-2 text-start max-list:h-11"
        >
          <span className="min-w-0 truncate">
            <bdi>{words}</bdi>
          </span>
          <ChevronDown aria-hidden className="size-4 shrink-0 text-ink-2" strokeWidth={1.75} />
        </MenuTrigger>
        <MenuContent align="start">
          {teams.map((team) => (
            <MenuCheckboxItem
              key={team.id}
              checked={chosen.includes(team.id)}
              onCheckedChange={(on) => onChange(toggled(chosen, team.id, on))}
            >
              <bdi>{team.name}</bdi>
            </MenuCheckboxItem>
          ))}
        </MenuContent>
      </Menu>
    </div>
  )
}
