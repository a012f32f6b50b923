/** The name of the product with its lamp. */
export function Brand() {
  return (
    <span className="brand">
      <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="9" className="brand-tile" />
        <circle cx="16" cy="14" r="10" className="brand-glow" />
        <circle cx="16" cy="14" r="5.5" className="brand-bulb" />
        <path d="M12 24h8M13.5 27h5" className="brand-foot" />
      </svg>
      <span>Lamplighter</span>
    </span>
  );
}
