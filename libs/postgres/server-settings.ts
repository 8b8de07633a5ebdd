/**
 * The settings of an embedded server, given on its command line so that a new version of Stepwell changes them without touching a
 * kept data folder. Durability is never traded: what was accepted survives a power cut.
 */
export type ServerSettings = Readonly<Record<string, string>>;

export function serverSettings(port: number, libraries: readonly string[], more: ServerSettings): ServerSettings {
  return {
    // Loopback TCP only: no socket folder has to be found that both users can reach.
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    // A server with eight worker processes, each with one in isolation (libs/runtime/connections.ts), and what PostgreSQL keeps for superusers.
    max_connections: '300',
    fsync: 'on',
    synchronous_commit: 'on',
    // A backend whose client is gone must not hold its row locks until its statement ends (engine rule 3).
    client_connection_check_interval: process.platform === 'win32' ? '0' : '5s',
    // A net for everybody; whoever holds a lease sets a shorter one on its own connections (engine rule 4).
    idle_in_transaction_session_timeout: '60s',
    shared_preload_libraries: libraries.join(','),
    // Our statements are short; compiling them costs more than running them.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...more,
  };
}

export function asArguments(settings: ServerSettings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
