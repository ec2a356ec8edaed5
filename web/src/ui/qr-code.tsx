import { useMemo } from 'react'
import { qrModules, qrPath } from './qr.model'

/** A text as a QR code; nothing where it is too long for one. Dark on light in both themes, as scanners expect. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const drawing = useMemo(() => {
    const modules = qrModules(text)
    return modules && { size: modules.length, path: qrPath(modules) }
  }, [text])
  if (!drawing) return null
  const quiet = 4
  const side = drawing.size + 2 * quiet
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`${-quiet} ${-quiet} ${side} ${side}`}
      shapeRendering="crispEdges"
      data-theme="light"
      className="size-44 shrink-0 rounded-control border border-line bg-surface text-ink"
    >
      <path d={drawing.path} fill="currentcolor" />
    </svg>
  )
}
