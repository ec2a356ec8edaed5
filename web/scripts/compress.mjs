// After the build: writes .br and .gz beside every asset that compression makes smaller, and moves Vite's manifest
// out of dist/, which is embedded into the binary as it is.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const web = new URL('../', import.meta.url)
const assets = new URL('dist/assets/', web)

mkdirSync(new URL('.build/', web), { recursive: true })
renameSync(new URL('dist/.vite/manifest.json', web), new URL('.build/manifest.json', web))
rmSync(new URL('dist/.vite', web), { recursive: true })

// Fonts are compressed already.
for (const name of readdirSync(assets).filter((file) => /\.(js|css|svg|json)$/.test(file))) {
  const body = readFileSync(new URL(name, assets))
  const twins = {
    br: brotliCompressSync(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
    gz: gzipSync(body, { level: 9 }),
  }
  for (const [suffix, twin] of Object.entries(twins)) {
    if (twin.length < body.length * 0.9) writeFileSync(new URL(`${name}.${suffix}`, assets), twin)
  }
}
