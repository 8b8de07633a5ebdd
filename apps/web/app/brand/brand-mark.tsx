/** Steps leading down into a well from both sides, and one drop on its way to the water. */
export function BrandMark({ size = 26 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#11656f" />
      <path d="M12.8 17.6h6.4v4.6h-6.4z" fill="#7fd6df" />
      <path
        d="M4.5 10.2h4.4v6h4v6h6.2v-6h4v-6h4.4"
        fill="none"
        stroke="#fff"
        strokeWidth="2.3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="16" cy="10" r="2" fill="#fff" />
    </svg>
  );
}
