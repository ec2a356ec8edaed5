import { useEffect, useRef, useState } from 'react'
import { Field } from '@/ui/field'

const pause = 250

type Props = { label: string; value: string; onChange: (text: string) => void }

/** Searches when typing pauses. A search that is taken away elsewhere leaves the field, too. */
export function SearchField({ label, value, onChange }: Props) {
  const [text, setText] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const said = useRef(value)
  useEffect(() => {
    if (value !== said.current) setText(value)
    said.current = value
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  const handleText = (next: string) => {
    setText(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      said.current = next.trim()
      onChange(next.trim())
    }, pause)
  }
  return (
    <Field
      label={label}
      type="search"
      autoComplete="off"
      spellCheck={false}
      maxLength={100}
      value={text}
      onChange={(event) => handleText(event.target.value)}
    />
  )
}
