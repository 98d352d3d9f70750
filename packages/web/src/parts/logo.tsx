/** A block, cut away. */
export const Logo = ({ size = 18 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" className="logo">
    <path d="M1.5 1.5h17v17h-17z" fill="none" stroke="currentColor" strokeWidth="1.6" />
    <path d="M18.5 1.5v17h-17z" fill="currentColor" />
    <path d="M8 17 17 8M11.5 17l5.5-5.5M15 17l2-2" stroke="var(--paper-2)" strokeWidth="1.5" />
  </svg>
);
