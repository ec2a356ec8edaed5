import { expect, test } from 'vitest'
import { errorCorrection, qrModules, qrPath } from './qr.model'

test('TN-12: a short text is the code that other encoders draw', () => {
  expect(qrModules('BARAZA 7')?.map((row) => row.map((dark) => (dark ? '#' : '.')).join(''))).toEqual([
    '#######.####..#######',
    '#.....#..####.#.....#',
    '#.###.#..#.#..#.###.#',
    '#.###.#.#####.#.###.#',
    '#.###.#.#.###.#.###.#',
    '#.....#.###.#.#.....#',
    '#######.#.#.#.#######',
    '........#............',
    '#...#.###...######..#',
    '#.####.###..#.###.###',
    '.#.#.##..#..#####..#.',
    '#.##.#...####..##...#',
    '#####.#..###.##..####',
    '........#..##...#.###',
    '#######.##.#..######.',
    '#.....#..#...##.#....',
    '#.###.#.#...###...##.',
    '#.###.#..#..###...###',
    '#.###.#...#.##..#....',
    '#.....#...###..#.....',
    '#######.####..#.###.#',
  ])
})

test('the error correction is that of the standard’s own example', () => {
  // ISO/IEC 18004, annex I: 01234567 as version 1-M.
  const data = [16, 32, 12, 86, 97, 128, 236, 17, 236, 17, 236, 17, 236, 17, 236, 17]
  expect(errorCorrection(data, 10)).toEqual([165, 36, 212, 193, 237, 54, 199, 135, 44, 85])
})

test('the smallest version that holds the text is taken, and none is too long a text', () => {
  expect(qrModules('a'.repeat(14))).toHaveLength(21)
  expect(qrModules('a'.repeat(15))).toHaveLength(25)
  expect(qrModules('a'.repeat(213))).toHaveLength(57)
  expect(qrModules('a'.repeat(666))).toHaveLength(97)
  expect(qrModules('a'.repeat(667))).toBeNull()
})

test('the path has a square for every dark module', () => {
  expect(
    qrPath([
      [true, false],
      [false, true],
    ]),
  ).toBe('M0 0h1v1h-1zM1 1h1v1h-1z')
})
