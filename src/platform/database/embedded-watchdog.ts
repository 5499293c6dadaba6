import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { apart, type Cluster } from './embedded-cluster.js';

const REPLACEMENT_PAUSE = 1_000;

// Nothing is ever written to it: its input ends with the owner, in whatever way that ends. The program of the process is
// compared where /proc tells it, since a process id may be another's by then. Fast shutdown first, which writes everything
// out; a server that is not done after 20 s is ended like by a crash, from which the next start recovers it.
const SCRIPT = `
  is_there() { kill -0 "$1" 2>/dev/null && { [ ! -e "/proc/$1/exe" ] || [ "/proc/$1/exe" -ef "$2" ]; }; }
  while read -r _; do :; done
  is_there "$1" "$2" || exit 0
  echo "Evently has ended without stopping PostgreSQL: stopping it."
  kill -INT "$1"
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    sleep 1
    is_there "$1" "$2" || exit 0
  done
  kill -QUIT "$1"`;

/**
 * Stops a server that this process has started once this process has ended, also by kill -9: by a shell in a session of
 * its own that waits for the end of its input. It ends with the server, and is replaced when it ends before.
 */
export function watchOver(server: ChildProcess, cluster: Cluster): void {
  // Windows has neither the shell nor signals; there a server that was left is stopped by the next start.
  if (process.platform === 'win32' || !server.pid) return;
  const log = openSync(cluster.log, 'a');
  const watchdog = spawn(
    '/bin/sh',
    ['-c', SCRIPT, 'evently-watchdog', String(server.pid), cluster.binaries.postgres],
    apart(cluster, ['pipe', log, log]),
  );
  closeSync(log);
  watchdog.unref();
  (watchdog.stdin as Socket).on('error', () => {}).unref();
  watchdog.on('error', () => {});
  const dismiss = () => watchdog.kill('SIGKILL');
  server.once('exit', dismiss);
  watchdog.once('exit', () => {
    server.off('exit', dismiss);
    if (server.exitCode === null && server.signalCode === null)
      setTimeout(() => {
        if (server.exitCode === null && server.signalCode === null) watchOver(server, cluster);
      }, REPLACEMENT_PAUSE).unref();
  });
}
