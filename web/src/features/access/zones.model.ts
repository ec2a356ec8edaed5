/** Every time zone the browser knows, with the chosen one among them even if the browser does not know it. */
export function zonesWith(chosen: string): string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), chosen])].toSorted()
}
