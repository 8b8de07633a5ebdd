// Closing its stdin is the test server's word to stop; it removes its folder itself.
export default async function globalTeardown() {
  const running = globalThis.stepwellTestPostgres;
  if (!running) return;
  running.server.ref();
  running.server.stdin.end();
  await running.ended;
}
