import { BrandMark } from '../brand/brand-mark.js';

/** For the blink of an eye before it is known who is signed in. */
export function Splash() {
  return (
    <div style={{ minHeight: '100dvh', display: 'grid', placeItems: 'center', opacity: 0.5 }} role="status" aria-label="Loading">
      <BrandMark size={44} />
    </div>
  );
}
