import { useState } from 'react'
import { ConfirmFactorForm } from './confirm-factor-form'
import { RecoveryCodes } from './recovery-codes'
import { SetUpFactorForm } from './set-up-factor-form'

type Step = { at: 'password' } | { at: 'scan'; secret: string; url: string } | { at: 'codes'; codes: string[] }

type Props = { email: string; onDone: () => void }

/** Password, then the app, then the recovery codes. Leaving before the app's first code changes nothing. */
export function TwoFactorSetUp({ email, onDone }: Props) {
  const [step, setStep] = useState<Step>({ at: 'password' })
  switch (step.at) {
    case 'password':
      return (
        <SetUpFactorForm
          email={email}
          onSecret={({ secret, otpauth_url }) => setStep({ at: 'scan', secret, url: otpauth_url })}
        />
      )
    case 'scan':
      return (
        <ConfirmFactorForm
          secret={step.secret}
          url={step.url}
          onConfirmed={(codes) => setStep({ at: 'codes', codes })}
        />
      )
    case 'codes':
      return <RecoveryCodes codes={step.codes} email={email} onDone={onDone} />
  }
}
