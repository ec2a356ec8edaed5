// QR codes (ISO/IEC 18004) for text of up to 666 bytes: byte mode, error correction M, versions 1 to 20.

/** Error correction words per block, and the number of blocks, by version. */
const correction: readonly (readonly [words: number, blocks: number])[] = [
  [10, 1],
  [16, 1],
  [26, 1],
  [18, 2],
  [24, 2],
  [16, 4],
  [18, 4],
  [22, 4],
  [22, 5],
  [26, 5],
  [30, 5],
  [22, 8],
  [22, 9],
  [24, 9],
  [24, 10],
  [28, 10],
  [28, 11],
  [26, 13],
  [26, 14],
  [26, 16],
]

const masks: readonly ((row: number, column: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (_, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
]

/** The dark modules of a text's code, row by row, without the quiet zone; null when the text is too long. */
export function qrModules(text: string): boolean[][] | null {
  const bytes = new TextEncoder().encode(text)
  const version = correction.findIndex((_, index) => bytes.length <= capacity(index + 1)) + 1
  if (version === 0) return null
  const words = interleaved(dataWords(bytes, version), version)
  const drawn = masks.map((_, mask) => draw(version, words, mask))
  return drawn.reduce((best, candidate) => (penalty(candidate) < penalty(best) ? candidate : best))
}

/** One path of 1 × 1 squares. */
export function qrPath(modules: boolean[][]): string {
  return modules.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
}

function capacity(version: number): number {
  return Math.floor((dataLength(version) * 8 - 4 - countBits(version)) / 8)
}

const countBits = (version: number) => (version < 10 ? 8 : 16)

function dataLength(version: number): number {
  const [words, blocks] = correctionOf(version)
  return allWords(version) - words * blocks
}

function correctionOf(version: number) {
  return correction[version - 1] ?? ([0, 0] as const)
}

function allWords(version: number): number {
  const aligned = alignment(version).length
  const patterns = aligned === 0 ? 0 : 25 * aligned * aligned - 10 * aligned - 55
  const modules = (16 * version + 128) * version + 64 - patterns - (version >= 7 ? 36 : 0)
  return Math.floor(modules / 8)
}

/** The centres of the alignment patterns along either side. */
function alignment(version: number): number[] {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const last = sizeOf(version) - 7
  const step = Math.ceil((last - 6) / (count - 1) / 2) * 2
  return [6, ...Array.from({ length: count - 1 }, (_, index) => last - (count - 2 - index) * step)]
}

const sizeOf = (version: number) => version * 4 + 17

function dataWords(bytes: Uint8Array, version: number): number[] {
  const bits: number[] = []
  const put = (value: number, length: number) => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >> bit) & 1)
  }
  put(0b0100, 4) // byte mode
  put(bytes.length, countBits(version))
  for (const byte of bytes) put(byte, 8)
  const length = dataLength(version)
  put(0, Math.min(4, length * 8 - bits.length))
  put(0, (8 - (bits.length % 8)) % 8)
  for (let pad = 0xec; bits.length < length * 8; pad ^= 0xec ^ 0x11) put(pad, 8)
  return Array.from({ length }, (_, word) =>
    bits.slice(word * 8, word * 8 + 8).reduce((value, bit) => value * 2 + bit, 0),
  )
}

function interleaved(data: number[], version: number): number[] {
  const [words, count] = correctionOf(version)
  const short = Math.floor(data.length / count)
  const shortBlocks = count - (data.length % count)
  let start = 0
  const blocks = Array.from({ length: count }, (_, index) => {
    const block = data.slice(start, start + short + (index < shortBlocks ? 0 : 1))
    start += block.length
    return block
  })
  return [...turned(blocks), ...turned(blocks.map((block) => errorCorrection(block, words)))]
}

/** The first of every row, then the second of every row; shorter rows run out earlier. */
function turned(rows: number[][]): number[] {
  const longest = Math.max(...rows.map((row) => row.length))
  return Array.from({ length: longest }, (_, index) => rows.flatMap((row) => row.slice(index, index + 1))).flat()
}

/** The Reed–Solomon remainder of a block. */
export function errorCorrection(block: number[], length: number): number[] {
  const generator = generatorOf(length)
  const remainder = Array<number>(length).fill(0)
  for (const word of block) {
    const factor = word ^ (remainder.shift() ?? 0)
    remainder.push(0)
    for (const [index, term] of generator.entries()) {
      remainder[index] = (remainder[index] ?? 0) ^ multiply(term, factor)
    }
  }
  return remainder
}

/** (x - 1)(x - 2)(x - 4)… without its leading term. */
function generatorOf(degree: number): number[] {
  let product = [1]
  for (let index = 0, root = 1; index < degree; index++, root = multiply(root, 2)) {
    const shifted = [...product, 0]
    product = shifted.map((term, at) => term ^ multiply(product[at - 1] ?? 0, root))
  }
  return product.slice(1)
}

/** In GF(2^8) with the polynomial x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d)
    product ^= ((b >> bit) & 1) * a
  }
  return product
}

function draw(version: number, words: number[], mask: number): boolean[][] {
  const size = sizeOf(version)
  const modules = Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  const reserved = Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  const set = (row: number, column: number, dark: boolean) => {
    const line = modules[row]
    const taken = reserved[row]
    if (!line || !taken || column < 0 || column >= size) return
    line[column] = dark
    taken[column] = true
  }
  for (let index = 0; index < size; index++) {
    set(6, index, index % 2 === 0)
    set(index, 6, index % 2 === 0)
  }
  // Rings around a centre: the finders, with their white edge, and the alignment patterns.
  const rings = (row: number, column: number, radius: number, light: (distance: number) => boolean) => {
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        set(row + dy, column + dx, !light(Math.max(Math.abs(dx), Math.abs(dy))))
      }
    }
  }
  const centres = alignment(version)
  const last = centres.at(-1)
  for (const row of centres) {
    for (const column of centres) {
      const finder = (row === 6 && (column === 6 || column === last)) || (row === last && column === 6)
      if (!finder) rings(row, column, 2, (distance) => distance === 1)
    }
  }
  for (const [row, column] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const) {
    rings(row, column, 4, (distance) => distance === 2 || distance === 4)
  }
  drawFormat(size, mask, set)
  if (version >= 7) drawVersion(size, version, set)
  fill(modules, reserved, words, mask)
  return modules
}

type Set = (row: number, column: number, dark: boolean) => void

/** Error correction M is 00, so the format is the mask alone. */
function drawFormat(size: number, mask: number, set: Set) {
  const bits = ((mask << 10) | remainderOf(mask, 10, 0x537)) ^ 0x5412
  const bit = (index: number) => ((bits >> index) & 1) === 1
  for (let index = 0; index < 15; index++) {
    const along = index < 6 ? index : index < 8 ? index + 1 : index < 9 ? 7 : 14 - index
    if (index < 8) set(along, 8, bit(index))
    else set(8, along, bit(index))
    if (index < 8) set(8, size - 1 - index, bit(index))
    else set(size - 15 + index, 8, bit(index))
  }
  set(size - 8, 8, true)
}

function drawVersion(size: number, version: number, set: Set) {
  const bits = (version << 12) | remainderOf(version, 12, 0x1f25)
  for (let index = 0; index < 18; index++) {
    const dark = ((bits >> index) & 1) === 1
    const across = size - 11 + (index % 3)
    const along = Math.floor(index / 3)
    set(along, across, dark)
    set(across, along, dark)
  }
}

function remainderOf(value: number, length: number, polynomial: number): number {
  let rest = value
  for (let index = 0; index < length; index++) rest = (rest << 1) ^ ((rest >> (length - 1)) * polynomial)
  return rest
}

/** Upwards and downwards in columns of two, from the bottom right, around the timing column. */
function fill(modules: boolean[][], reserved: boolean[][], words: number[], mask: number) {
  const size = modules.length
  const masked = masks[mask] ?? (() => false)
  let index = 0
  let upwards = true
  for (let pair = size - 1; pair > 0; pair -= 2) {
    if (pair === 6) pair = 5
    for (let step = 0; step < size; step++) {
      const row = upwards ? size - 1 - step : step
      for (const column of [pair, pair - 1]) {
        const line = modules[row]
        if (!line || reserved[row]?.[column]) continue
        const word = words[index >> 3] ?? 0
        line[column] = (((word >> (7 - (index & 7))) & 1) === 1) !== masked(row, column)
        index++
      }
    }
    upwards = !upwards
  }
}

/** How hard a drawing is to read: runs, blocks, what looks like a finder, and the balance of dark and light. */
function penalty(modules: boolean[][]): number {
  const columns = modules.map((_, column) => modules.map((row) => row[column] ?? false))
  const lines = [...modules, ...columns].map((line) => line.map((dark) => (dark ? '1' : '0')).join(''))
  let sum = 0
  for (const line of lines) {
    for (const run of line.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2
    for (let at = 0; at + 11 <= line.length; at++) {
      if (line.startsWith('10111010000', at) || line.startsWith('00001011101', at)) sum += 40
    }
  }
  let dark = 0
  for (const [y, row] of modules.entries()) {
    for (const [x, module] of row.entries()) {
      if (module) dark++
      const below = modules[y + 1]
      if (row[x + 1] === module && below?.[x] === module && below[x + 1] === module) sum += 3
    }
  }
  return sum + Math.floor(Math.abs((dark * 20) / modules.length ** 2 - 10)) * 10
}
