import { describe, expect, test } from 'vitest'
import { noon } from '@/test/factories'
import { createFormat } from './format'

const minute = 60_000
const hour = 60 * minute
const now = Date.parse(noon)
const ago = (milliseconds: number) => new Date(now - milliseconds).toISOString()

describe('in English', () => {
  const format = createFormat('en')

  test('an age is one unit, later a date', () => {
    expect(format.age(ago(59_000), now)).toBe('now')
    expect(format.age(ago(2 * minute), now)).toBe('2m')
    expect(format.age(ago(5 * hour), now)).toBe('5h')
    expect(format.age(ago(3 * 24 * hour), now)).toBe('3d')
    expect(format.age(ago(32 * 24 * hour), now)).toBe('Oct 20')
  })

  test('what is left is two units at most', () => {
    expect(format.left(23 * hour + 41 * minute)).toBe('23h 41m')
    expect(format.left(41 * minute)).toBe('41m')
    expect(format.left(6 * 24 * hour + 2 * hour)).toBe('6d 2h')
    expect(format.leftShort(3 * hour + 59 * minute)).toBe('3h')
  })

  test('days close by have names', () => {
    expect(format.day(ago(0), now)).toBe('Today')
    expect(format.day(ago(24 * hour), now)).toBe('Yesterday')
    expect(format.day(ago(400 * 24 * hour), now)).toBe('October 17, 2025')
  })
})

test('Arabic shows the same digits as everything else on the screen', () => {
  const format = createFormat('ar')
  const shown = [
    format.age(ago(2 * minute), now),
    format.left(hour),
    format.clock(noon),
    format.full(noon),
    format.number(23),
  ]
  for (const text of shown) {
    expect(text).toMatch(/\d/)
    expect(text).not.toMatch(/[\u0660-\u0669]/)
  }
})
