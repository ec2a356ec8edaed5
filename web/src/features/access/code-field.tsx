import type { ComponentProps } from 'react'
import { Field } from '@/ui/field'

/** Six digits of an app or a letter, as browsers and phones know to fill in. */
export function CodeField(props: ComponentProps<typeof Field>) {
  return (
    <Field
      inputMode="numeric"
      autoComplete="one-time-code"
      autoCapitalize="off"
      spellCheck={false}
      maxLength={20}
      dir="ltr"
      className="font-mono tracking-widest"
      {...props}
    />
  )
}
