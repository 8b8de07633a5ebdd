/** A page of one paragraph, for what has no page of its own. Both texts are ours: nothing of a request is in them. */
export function plainPage(title: string, text: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Stepwell</title>
<style>
  :root { color-scheme: light dark; }
  body { margin: 4rem auto; padding: 0 1.25rem; max-width: 40rem; font: 1rem/1.6 system-ui, sans-serif; }
  h1 { font-size: 1.4rem; }
</style>
<main>
  <h1>${title}</h1>
  <p>${text}</p>
  <p><a href="/">Back to Stepwell</a></p>
</main>
</html>
`;
}
