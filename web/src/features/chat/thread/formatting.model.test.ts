import { describe, expect, test } from 'vitest'
import { type Inline, parseFormatting } from './formatting.model'

/** The tree as text: <b>, <i>, <s>, <code>, <a>. */
function draw(nodes: Inline[]): string {
  const tags = { bold: 'b', italic: 'i', strike: 's' }
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text
      if (node.kind === 'code') return `<code>${node.text}</code>`
      if (node.kind === 'link') return `<a ${node.href}>${node.text}</a>`
      return `<${tags[node.kind]}>${draw(node.children)}</${tags[node.kind]}>`
    })
    .join('')
}

describe('formatting', () => {
  test.each([
    ['plain', 'plain'],
    ['*bold* _it_ ~strike~ `mono`', '<b>bold</b> <i>it</i> <s>strike</s> <code>mono</code>'],
    ['*bold and _both_*', '<b>bold and <i>both</i></b>'],
    ['```two\nlines```', '<code>two\nlines</code>'],
    ['a*b*c and snake_case_name', 'a*b*c and snake_case_name'],
    ['2 * 3 * 4', '2 * 3 * 4'],
    ['*not\nclosed*', '*not\nclosed*'],
    ['`*not bold*`', '<code>*not bold*</code>'],
    ['(*in brackets*)', '(<b>in brackets</b>)'],
    ['** and __ and ``', '** and __ and ``'],
    ['*جريء*', '<b>جريء</b>'],
  ])('%j', (text, drawn) => {
    expect(draw(parseFormatting(text))).toBe(drawn)
  })
})

describe('links', () => {
  test.each([
    ['see https://acme.test/a?b=1.', 'see <a https://acme.test/a?b=1>https://acme.test/a?b=1</a>.'],
    ['www.acme.test, please', '<a https://www.acme.test>www.acme.test</a>, please'],
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ])('%j', (text, drawn) => {
    expect(draw(parseFormatting(text))).toBe(drawn)
  })
})

test('loses no character of a long hostile text', () => {
  const text = '*_~`'.repeat(500)
  expect(draw(parseFormatting(text)).replace(/<\/?[a-z]+>/g, '').length).toBeLessThanOrEqual(text.length)
})
