/**
 * What keeps people's words, addresses and hashes out of the server's log: no parameters, no row that a constraint
 * refused (it stands in DETAIL, which `terse` leaves out), no text of a failed or slow statement, because a literal
 * may stand in it. The platform's own log names its slow and failed queries, pg_stat_statements has the statements
 * without their values. https://www.postgresql.org/docs/18/runtime-config-logging.html
 */
const discreetLog: Readonly<Record<string, string>> = {
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_statement: 'none',
  log_min_duration_statement: '-1',
};

/** The same for one session that sends a password in a statement, whatever a role or a database was set to. */
export const silentSession = ['log_statement=none', 'log_min_duration_statement=-1', 'pg_stat_statements.track_utility=off']
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** The command line of the server: loopback only, no socket file, and what the caller wants on top. */
export function serverArguments(dataDir: string, port: number, settings: Readonly<Record<string, string>> = {}): string[] {
  const all: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // Shared memory in files: systemd's RemoveIPC and small /dev/shm of containers cannot hurt it.
    dynamic_shared_memory_type: 'mmap',
    logging_collector: 'off',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...discreetLog,
    log_line_prefix: '%m [%p] %q%u@%d %a ',
    shared_preload_libraries: 'pg_stat_statements',
    ...settings,
  };
  return ['-D', dataDir, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
