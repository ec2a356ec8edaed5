// Writes common_passwords.txt.gz: the words of 8 and more characters of the npm
// package @zxcvbn-ts/language-common, sorted, one a line. Shorter ones are refused
// for their length. Run beside an unpacked package:
//
//   npm pack @zxcvbn-ts/language-common@4.1.3 && tar xzf zxcvbn-ts-language-common-4.1.3.tgz
//   node common-passwords.mjs package/src/passwords.json ../common_passwords.txt.gz
import { readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const [from, to] = process.argv.slice(2)
const words = JSON.parse(readFileSync(from, 'utf8')).filter((word) => [...word].length >= 8)
writeFileSync(to, gzipSync([...new Set(words)].sort().join('\n'), { level: 9 }))
