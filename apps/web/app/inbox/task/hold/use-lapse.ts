// A claim that lapses is told by nobody: it is read off the clock. So the page looks again when one that it shows has run out; and again,
// because clocks differ, until it is shown no more.
import { useEffect, useRef } from 'react';

const AGAIN_MS = 5_000;

/** @param until when the claim ends, unless it is extended meanwhile; null: there is none */
export function useLapse(until: string | null, refresh: () => void): void {
  const latest = useRef(refresh);
  useEffect(() => {
    latest.current = refresh;
  });
  useEffect(() => {
    if (until === null) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const look = () => {
      latest.current();
      timer = setTimeout(look, AGAIN_MS);
    };
    timer = setTimeout(look, Math.max(0, Date.parse(until) - Date.now()) + 500);
    return () => clearTimeout(timer);
  }, [until]);
}
