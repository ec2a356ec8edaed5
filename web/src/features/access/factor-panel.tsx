import { useQueryClient } from '@tanstack/react-query'
import { ShieldCheck, ShieldOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sessionKeys } from '@/api/keys'
import { asProblem } from '@/api/problem'
import type { Me } from '@/api/types'
import { Button } from '@/ui/button'
import { Chip } from '@/ui/chip'
import { Dialog } from '@/ui/dialog'
import { Panel } from '@/ui/panel'
import { useDisableFactor } from './api/disable-factor'
import { useRenewRecoveryCodes } from './api/renew-recovery-codes'
import { ProveFactorForm } from './prove-factor-form'
import { RecoveryCodes } from './recovery-codes'
import { TwoFactorSetUp } from './two-factor-set-up'

type Asked = 'set_up' | 'renew' | 'disable' | null

/** The second factor: set up, its recovery codes renewed, turned off. */
export function FactorPanel({ user }: { user: Me['user'] }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [asked, setAsked] = useState<Asked>(null)
  const close = () => {
    setAsked(null)
    void queries.invalidateQueries({ queryKey: sessionKeys.me })
    void queries.invalidateQueries({ queryKey: sessionKeys.logins })
  }
  return (
    <Panel
      title={t('factor.title')}
      lead={user.totp_enabled ? t('factor.on_lead') : t('factor.off_lead')}
      badge={
        user.totp_enabled ? (
          <Chip look="ok" icon={ShieldCheck}>
            {t('factor.on')}
          </Chip>
        ) : (
          <Chip icon={ShieldOff}>{t('factor.off')}</Chip>
        )
      }
      actions={
        user.totp_enabled ? (
          <>
            <Button onClick={() => setAsked('renew')}>{t('factor.renew')}</Button>
            <Button look="danger" onClick={() => setAsked('disable')}>
              {t('factor.disable')}
            </Button>
          </>
        ) : (
          <Button look="primary" onClick={() => setAsked('set_up')}>
            {t('factor.set_up')}
          </Button>
        )
      }
    >
      <Dialog open={asked === 'set_up'} onOpenChange={close} title={t('factor.set_up_title')}>
        <TwoFactorSetUp email={user.email} onDone={close} />
      </Dialog>
      <Dialog
        open={asked === 'renew'}
        onOpenChange={close}
        title={t('factor.renew_title')}
        description={t('factor.renew_lead')}
      >
        <Renewal email={user.email} onDone={close} />
      </Dialog>
      <Dialog
        open={asked === 'disable'}
        onOpenChange={close}
        title={t('factor.disable_title')}
        description={t('factor.disable_lead')}
      >
        <Disabling email={user.email} onDone={close} />
      </Dialog>
    </Panel>
  )
}

type StepProps = { email: string; onDone: () => void }

function Renewal({ email, onDone }: StepProps) {
  const { t } = useTranslation()
  const renew = useRenewRecoveryCodes()
  if (renew.data) return <RecoveryCodes codes={renew.data.recovery_codes} email={email} onDone={onDone} />
  return (
    <ProveFactorForm
      email={email}
      problem={asProblem(renew.error)}
      busy={renew.isPending}
      action={t('factor.renew')}
      onProof={(proof) => renew.mutate(proof)}
    />
  )
}

function Disabling({ email, onDone }: StepProps) {
  const { t } = useTranslation()
  const disable = useDisableFactor()
  return (
    <ProveFactorForm
      email={email}
      problem={asProblem(disable.error)}
      busy={disable.isPending}
      action={t('factor.disable')}
      onProof={(proof) => disable.mutate(proof, { onSuccess: onDone })}
    />
  )
}
