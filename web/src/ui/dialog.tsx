import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './icon-button'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: string
  /** A dialog without an X is left by what stands in it alone. */
  closable?: boolean
  children: ReactNode
}

export function Dialog({ open, onOpenChange, title, description, closable = true, children }: Props) {
  const { t } = useTranslation()
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-ink/30" />
        <Primitive.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          // The words first: focus on the first control would open its tooltip.
          onOpenAutoFocus={(event) => {
            event.preventDefault()
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
          }}
          className="forced-border fixed inset-x-4 top-1/2 z-50 mx-auto max-h-[calc(100dvh-32px)] max-w-130 -translate-y-1/2 overflow-y-auto rounded-panel bg-surface p-6 text-ink shadow-float outline-none"
        >
          <div className="mb-4 flex items-start gap-4">
            <div className="flex-1">
              <Primitive.Title className="font-semibold text-panel">{title}</Primitive.Title>
              {description && <Primitive.Description className="mt-1 text-ink-2">{description}</Primitive.Description>}
            </div>
            {closable && (
              <IconButton
                icon={X}
                label={t('common.close')}
                tooltipAlign="end"
                className="-me-2 -mt-1"
                onClick={() => onOpenChange(false)}
              />
            )}
          </div>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
