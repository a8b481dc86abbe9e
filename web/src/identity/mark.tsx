// The mark: a gate on the road, and somebody passing.

export function Mark({ size = 28, title }: { readonly size?: number; readonly title?: string }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="none"
      strokeLinecap="round"
      role={title === undefined ? 'presentation' : 'img'}
      aria-label={title}
      aria-hidden={title === undefined}
    >
      <path d="M2.5 6.2C7 7.6 11.3 8 16 8s9-.4 13.5-1.8" stroke="var(--s-gate)" strokeWidth="3.2" />
      <path d="M6 14.2h20" stroke="var(--s-gate)" strokeWidth="2.8" />
      <path d="M9.2 9v18.5M22.8 9v18.5" stroke="var(--s-gate)" strokeWidth="3.2" />
      <circle cx="16" cy="22" r="2.6" fill="var(--s-passer)" />
    </svg>
  )
}
