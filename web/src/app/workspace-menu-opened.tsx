import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { useSwitchWorkspace } from '@/features/access/api/switch-workspace'
import { Menu, MenuContent, MenuLabel, MenuRadioGroup, MenuRadioItem, MenuTrigger } from '@/ui/menu'
import { goToWorkspace } from './leave'
import { tellTabs } from './session-tabs'
import { useInlineEnd } from './use-inline-end'
import { WorkspaceButton } from './workspace-menu'

export default function WorkspaceMenuOpened() {
  const { t } = useTranslation()
  const { tenant, memberships } = useSession()
  const side = useInlineEnd()
  const switching = useSwitchWorkspace()
  const active = memberships.filter((membership) => membership.status === 'active')
  const handleSwitch = (id: string) => {
    const membership = active.find((item) => item.tenant.id === id)
    if (!membership || id === tenant.id) return
    const { slug } = membership.tenant
    switching.mutate(id, {
      onSuccess: () => {
        tellTabs({ kind: 'switched', slug })
        goToWorkspace(slug)
      },
    })
  }
  return (
    <Menu defaultOpen>
      <MenuTrigger asChild>
        <WorkspaceButton aria-busy={switching.isPending || undefined} />
      </MenuTrigger>
      <MenuContent side={side} align="start">
        <MenuLabel>{t('shell.workspaces')}</MenuLabel>
        <MenuRadioGroup value={tenant.id} onValueChange={handleSwitch}>
          {active.map((membership) => (
            <MenuRadioItem key={membership.tenant.id} value={membership.tenant.id}>
              <span className="min-w-0 flex-1 truncate">
                <bdi>{membership.tenant.name}</bdi>
              </span>
              <span className="text-ink-3 text-meta">{membership.role.name}</span>
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  )
}
