import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { intlLocale } from './language'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Dates, durations and numbers in one language. Pure: `now` is an argument wherever it matters. */
export function createFormat(language: string) {
  const locale = intlLocale(language)
  const unit = (name: 'minute' | 'hour' | 'day') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'narrow' })
  const minutes = unit('minute')
  const hours = unit('hour')
  const days = unit('day')
  const numbers = new Intl.NumberFormat(locale)
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const clockWithSeconds = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' })
  const shortDate = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
  const longDate = new Intl.DateTimeFormat(locale, { dateStyle: 'long' })
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' })
  const justNow = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'narrow' })
  const relativeDay = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

  return {
    number: (value: number) => numbers.format(value),
    clock: (at: string | number) => clock.format(new Date(at)),
    clockWithSeconds: (at: string | number) => clockWithSeconds.format(new Date(at)),
    full: (at: string | number) => full.format(new Date(at)),
    /** `now`, `2m`, `5h`, `3d`, then a date: the age in a list row. */
    age(at: string, now: number) {
      const age = Math.max(0, now - Date.parse(at))
      if (age < minute) return justNow.format(0, 'second')
      if (age < hour) return minutes.format(Math.floor(age / minute))
      if (age < day) return hours.format(Math.floor(age / hour))
      if (age < 7 * day) return days.format(Math.floor(age / day))
      return shortDate.format(new Date(at))
    },
    /** `23h 41m`, below one hour `41m`, from two days on `6d 2h`. */
    left(milliseconds: number) {
      const total = Math.max(0, milliseconds)
      const wholeHours = Math.floor(total / hour)
      if (total >= 2 * day) {
        return `${days.format(Math.floor(total / day))} ${hours.format(wholeHours % 24)}`
      }
      const rest = minutes.format(Math.floor((total % hour) / minute))
      return wholeHours === 0 ? rest : `${hours.format(wholeHours)} ${rest}`
    },
    /** The same in one unit, for a chip. */
    leftShort(milliseconds: number) {
      const total = Math.max(0, milliseconds)
      if (total >= 2 * day) return days.format(Math.floor(total / day))
      return total >= hour ? hours.format(Math.floor(total / hour)) : minutes.format(Math.floor(total / minute))
    },
    /** Today, yesterday, a weekday of this year, else the whole date. */
    day(at: string | number, now: number) {
      const then = new Date(at)
      const distance = Math.round((startOfDay(then) - startOfDay(new Date(now))) / day)
      if (distance === 0 || distance === -1) return capital(relativeDay.format(distance, 'day'), language)
      return then.getFullYear() === new Date(now).getFullYear() ? weekday.format(then) : longDate.format(then)
    },
  }
}

export type Format = ReturnType<typeof createFormat>

export function useFormat(): Format {
  const { i18n } = useTranslation()
  return useMemo(() => createFormat(i18n.language), [i18n.language])
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}

function capital(text: string, language: string): string {
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1)
}
