// Sets the colour scheme before the first paint, so that a dark page does not flash white. A file of its own because the content
// security policy forbids inline scripts; the key and the attribute are Mantine's.
{
  let chosen = null;
  try {
    chosen = window.localStorage.getItem('mantine-color-scheme-value');
  } catch {
    // Storage is forbidden here; the system decides.
  }
  const isDark = chosen === 'dark' || (chosen !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
}
