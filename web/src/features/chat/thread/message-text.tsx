import { type Inline, parseFormatting } from './formatting.model'

/** What somebody wrote, as text nodes with the channel's own formatting. */
export function MessageText({ text }: { text: string }) {
  return (
    <p dir="auto" className="message-text text-start">
      <Nodes nodes={parseFormatting(text)} />
    </p>
  )
}

function Nodes({ nodes }: { nodes: Inline[] }) {
  // A message never changes its parts in place: an edit is another text, so positions are good keys.
  // biome-ignore lint/suspicious/noArrayIndexKey: see above
  return nodes.map((node, index) => <Node key={index} node={node} />)
}

function Node({ node }: { node: Inline }) {
  switch (node.kind) {
    case 'text':
      return node.text
    case 'link':
      return (
        <a
          href={node.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="text-accent underline underline-offset-2"
        >
          {node.text}
        </a>
      )
    case 'code':
      return <code className="font-mono text-compact">{node.text}</code>
    case 'bold':
      return (
        <strong className="font-semibold">
          <Nodes nodes={node.children} />
        </strong>
      )
    case 'italic':
      return (
        <em>
          <Nodes nodes={node.children} />
        </em>
      )
    case 'strike':
      return (
        <s>
          <Nodes nodes={node.children} />
        </s>
      )
  }
}
