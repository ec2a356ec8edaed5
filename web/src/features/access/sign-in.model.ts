/** What may be given besides the password: the app's code, a recovery code, a mailed code. */
export const methods = ['totp', 'recovery_code', 'email'] as const
export type Method = (typeof methods)[number]

/** A sign-in that still needs a code. It lives in the memory of the page and nowhere else. */
export type Challenge = { email: string; password: string; methods: Method[] }

/** The methods a server names that this page knows, the likeliest first; the app's code where it names none. */
export function methodsOf(named: string[]): Method[] {
  const known = methods.filter((method) => named.includes(method))
  return known.length > 0 ? known : ['totp']
}

/** A code as the sign-in takes it: a mailed one goes where the app's goes. */
export function proofOf(method: Method, code: string): { totp: string } | { recovery_code: string } {
  return method === 'recovery_code' ? { recovery_code: code.trim() } : { totp: code.replaceAll(/\s/g, '') }
}
