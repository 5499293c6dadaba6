// Tools that the tests use beyond npm: independent readers of Evently's output, and the engines it talks to.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const TOOLS = [
  { command: 'promtool', package: 'prometheus', needed: 'alert rules checked by Prometheus' },
  { command: 'rabbitmq-server', package: 'rabbitmq-server', needed: 'facts to RabbitMQ' },
  { command: 'redis-server', package: 'redis-server', needed: 'Redis' },
  { command: 'haproxy', package: 'haproxy', needed: 'two replicas behind HAProxy' },
  { command: 'etcd', package: 'etcd-server', needed: 'failover with Patroni', drill: true },
  { command: 'patroni', package: 'patroni', needed: 'failover with Patroni', drill: true },
  { command: 'nginx', package: 'nginx-light', needed: 'two replicas behind nginx' },
  { command: 'slowhttptest', package: 'slowhttptest', needed: 'slow clients by another sender' },
  { command: 'ip', package: 'iproute2', needed: 'DNS rebinding' },
  { command: 'unshare', package: 'util-linux', needed: 'DNS rebinding' },
  { command: 'zbarimg', package: 'zbar-tools', needed: 'QR codes read by another reader' },
  { command: 'qpdf', package: 'qpdf', needed: 'PDF checked by another reader' },
  { command: 'pdftoppm', package: 'poppler-utils', needed: 'QR codes read from the printed page' },
  { command: 'chromium', package: 'chromium', needed: 'the web app in a real browser' },
  { command: 'pdftotext', package: 'poppler-utils', needed: 'text of tickets read by another reader' },
];
// Debian keeps servers where an ordinary user's PATH does not look.
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
const POLICY = '/usr/sbin/policy-rc.d';

const findTool = (command) =>
  FOLDERS.map((folder) => join(folder, command)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/**
 * Installs what is missing when that can be done without asking: as root on Debian. `EVENTLY_TEST_INSTALL=0` declines.
 * @param drills also what only `npm run drill` needs
 * @returns the paths by command, and one line that names what will not be tested when something is missing
 */
export function ensureTools({ drills = false } = {}) {
  const tools = TOOLS.filter(({ drill }) => drills || !drill);
  const missing = () => tools.filter(({ command }) => !findTool(command));
  const wanted = missing().map((tool) => tool.package);
  if (wanted.length > 0 && mayInstall()) install(wanted);
  const paths = Object.fromEntries(tools.map(({ command }) => [command, findTool(command)]));
  const left = missing().map(({ needed, package: name }) => `${needed} (Debian package ${name})`);
  const untested = left.length > 0 && `NOT TESTED, because it is not installed here: ${left.join('; ')}`;
  return { paths, untested };
}

const mayInstall = () =>
  process.env.EVENTLY_TEST_INSTALL !== '0' &&
  process.getuid?.() === 0 &&
  existsSync('/etc/debian_version') &&
  findTool('apt-get') !== undefined;

/** Without starting the services that come along: Debian asks this policy before it does. */
function install(packages) {
  console.log(`Installing for the tests (EVENTLY_TEST_INSTALL=0 declines): ${packages.join(' ')}`);
  const before = existsSync(POLICY) ? readFileSync(POLICY) : undefined;
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    apt('update', '-q');
    apt('install', '-y', '-q', '--no-install-recommends', ...packages);
  } finally {
    if (before) writeFileSync(POLICY, before, { mode: 0o755 });
    else rmSync(POLICY);
  }
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stderr } = spawnSync('apt-get', args, { env, timeout: 300_000, encoding: 'utf8' });
  if (status !== 0) console.error(`apt-get ${args[0]} failed:\n${(stderr ?? '').slice(-2_000)}`);
}
