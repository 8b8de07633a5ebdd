// What happened, for those who do not see it: told once, when the screen reader is through with what it is saying.
/** Long enough to be taken up; a region that keeps everything would be read again by who comes by. */
const KEPT_MS = 10_000;

let region: HTMLElement | null = null;

/** @param element a live region of the page; null when it goes */
export function setAnnouncer(element: HTMLElement | null): void {
  region = element;
}

export function announce(words: string): void {
  const line = document.createElement('div');
  line.textContent = words;
  region?.append(line);
  setTimeout(() => line.remove(), KEPT_MS);
}
