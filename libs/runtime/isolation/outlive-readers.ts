/**
 * Whoever reads what this process prints may die before it does. Its next line then breaks, and a stream that breaks with nobody listening
 * ends the process: in the middle of its drain, so that its runs are blamed for it.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
