import { expect, test } from 'vitest'
import { type PageView, watchPageViews } from './page-views.model'

// AC-01: a page is told once, when it is left, with the time it was in sight.
test('pages are told when they are left, without the time they were hidden', () => {
  let time = 1_000
  const told: PageView[] = []
  const views = watchPageViews(
    '/t/$slug/inbox/$view',
    (view) => told.push(view),
    () => time,
  )
  time += 2_000
  views.arrive('/t/$slug/team')
  time += 500
  views.hide()
  time += 60_000
  views.show()
  views.show()
  time += 250
  views.leave()
  views.leave()
  expect(told).toEqual([
    { path: '/t/$slug/inbox/$view', duration: 2_000 },
    { path: '/t/$slug/team', duration: 750 },
  ])
})

test('a clock that is turned back or a page left open for a week is no figure', () => {
  let time = 1_000
  const told: PageView[] = []
  const views = watchPageViews(
    '/a',
    (view) => told.push(view),
    () => time,
  )
  time = 0
  views.arrive('/b')
  time = 7 * 24 * 60 * 60_000
  views.leave()
  expect(told.map(({ duration }) => duration)).toEqual([0, 24 * 60 * 60_000])
})
