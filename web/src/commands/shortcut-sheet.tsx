import { useTranslation } from 'react-i18next'
import { Dialog } from '@/ui/dialog'
import { Kbd, keyName } from '@/ui/kbd'
import { type Command, type CommandScope, useRegisteredCommands } from './commands'

const scopes: CommandScope[] = ['general', 'inbox', 'conversation', 'composer']

type Props = { open: boolean; onOpenChange: (open: boolean) => void }

/** Every key that works on this page, read from the registry, so it never lists one that does not. */
export default function ShortcutSheet({ open, onOpenChange }: Props) {
  const { t } = useTranslation()
  const commands = useRegisteredCommands()
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('keys.title')} description={t('keys.hint')}>
      <div className="flex flex-col gap-4">
        {scopes.map((scope) => {
          const listed = uniqueById(commands.filter((command) => command.scope === scope))
          if (listed.length === 0) return null
          return (
            <section key={scope} aria-labelledby={`keys-${scope}`}>
              <h3 id={`keys-${scope}`} className="mb-1 font-semibold text-compact text-ink-2">
                {t(`keys.scope.${scope}`)}
              </h3>
              <dl className="divide-y divide-line">
                {listed.map((command) => (
                  <div key={command.id} className="flex min-h-8 items-center justify-between gap-4 py-1">
                    <dt>{t(`keys.command.${command.id}`)}</dt>
                    <dd className="flex flex-wrap justify-end gap-2">
                      {command.keys.map((keys) => (
                        <Keys key={keys} keys={keys} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          )
        })}
      </div>
    </Dialog>
  )
}

function Keys({ keys }: { keys: string }) {
  return (
    <span className="flex gap-1" dir="ltr">
      {keys.split('+').map((key) => (
        <Kbd key={key} className="inline-flex">
          {keyName(key)}
        </Kbd>
      ))}
    </span>
  )
}

function uniqueById(commands: Command[]): Command[] {
  return [...new Map(commands.map((command) => [command.id, command])).values()]
}
