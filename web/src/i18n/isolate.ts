/**
 * Text of its own direction inside a sentence of another: a name, a number, what somebody wrote. For what goes into a
 * translated sentence; elements use <bdi>.
 */
export function isolate(text: string): string {
  return `\u2068${text}\u2069`
}
