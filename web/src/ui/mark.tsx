/** The sign of the product: a speech bubble that is also a meeting place. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="currentColor" className="text-accent" />
      <path
        d="M8 21V11a3 3 0 0 1 3-3h10a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3h-8l-5 4z"
        fill="currentColor"
        className="text-on-accent"
      />
    </svg>
  )
}
