// Writes web/src/api/schema.gen.ts from an OpenAPI 3.1 document, web/openapi.json unless another is named:
//
//   npm ci --prefix tools/openapi
//   npm run openapi -- path/to/openapi.json
//
// This folder is a package of its own, outside the workspace: openapi-typescript needs the compiler API
// that TypeScript 7 no longer has, and hoisting would put version 5 beside it.
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const [file] = process.argv.slice(2)
// npm --prefix changes the working directory; a relative path is meant from where npm was called.
const source = file
  ? resolve(process.env.INIT_CWD ?? process.cwd(), file)
  : fileURLToPath(new URL('../../openapi.json', import.meta.url))
const ast = await openapiTS(JSON.parse(await readFile(source, 'utf8')), { alphabetize: true })
const target = new URL('../../src/api/schema.gen.ts', import.meta.url)
await writeFile(
  target,
  `// Generated from the server's OpenAPI document by tools/openapi. Do not edit.\n${astToString(ast)}`,
)
