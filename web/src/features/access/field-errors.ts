import type { FieldValues, Path, UseFormSetError } from 'react-hook-form'
import type { Problem } from '@/api/problem'

/** Puts what the server has against single fields beside them; its code is the error's type. */
export function showFieldErrors<Values extends FieldValues>(
  problem: Problem | null,
  fields: readonly Path<Values>[],
  setError: UseFormSetError<Values>,
): void {
  for (const { field, code, detail } of problem?.fields ?? []) {
    const known = fields.find((item) => item === field)
    if (known) setError(known, { type: code, message: detail })
  }
}

/** The server's sentence, where it was the server who objected; the form's own checks have our words. */
export function serverWords(error: { type?: unknown; message?: string | undefined }): string | undefined {
  const ours = ['too_small', 'too_big', 'invalid_format', 'invalid_type']
  return ours.includes(String(error.type)) ? undefined : error.message
}
