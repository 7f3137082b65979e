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
    log_line_prefix: '%m [%p] %q%u@%d %a ',
    shared_preload_libraries: 'pg_stat_statements',
    ...settings,
  };
  return ['-D', dataDir, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
