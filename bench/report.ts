import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import pg from 'pg';
import { pgbenchVersion } from './pgbench.js';
import { figure, type Gate, passes } from './scenario.js';
import { median } from './stats.js';

export interface Outcome {
  readonly name: string;
  readonly title: string;
  readonly seconds: number;
  readonly gates: Gate[];
  readonly notes: string[];
  readonly error?: string;
}

export interface Report {
  readonly command: string;
  readonly at: string;
  readonly machine: string[];
  readonly outcomes: Outcome[];
}

const SAFETY = ['fsync', 'full_page_writes', 'synchronous_commit'];

/** Describes the machine of the measurement. Throws when PostgreSQL runs with less than full durability. */
export async function describeMachine(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY ($1) ORDER BY name',
    [[...SAFETY, 'server_version', 'shared_buffers', 'max_wal_size']],
  );
  await client.end();
  const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  const off = SAFETY.filter((name) => settings[name] !== 'on');
  if (off.length > 0) throw new Error(`These must be on: ${off.join(', ')}`);
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout?.trim();
  return [
    `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}; the load runs on the same cores`,
    `Node ${process.version}, PostgreSQL ${settings.server_version}, ${pgbenchVersion() ?? 'no pgbench'}, commit ${commit || 'unknown'}`,
    SAFETY.map((name) => `${name} = ${settings[name]}`).join(', '),
  ];
}

export const number = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);

const boundOf = ({ bound }: Gate): string =>
  'atLeast' in bound ? `≥ ${bound.atLeast}` : `≤ ${bound.atMost}`;

const verdict = (gate: Gate): string => (passes(gate) ? 'pass' : 'FAIL');

function cells(gate: Gate): string[] {
  const { path, against, unit, ours, baseline } = gate;
  return [
    path,
    against,
    `${number(median(ours))} ${unit}`,
    baseline ? `${number(median(baseline))} ${unit}` : '',
    baseline ? figure(gate).toFixed(2) : '',
    boundOf(gate),
    verdict(gate),
  ];
}

const HEAD = ['path', 'against', 'ours', 'baseline', 'ratio', 'gate', ''];

/** For the terminal: each gate in two lines, since paths and baselines are long. */
export function printGate(gate: Gate): string {
  const [path, against, ours, baseline, ratio, bound, end] = cells(gate);
  const compared = baseline ? `${ours} against ${baseline}: ${ratio}` : ours;
  return `  ${end === 'pass' ? 'pass' : 'FAIL'}  ${path}\n        ${compared}  (${against ? `${bound}; ${against}` : bound})`;
}

export function toMarkdown({ command, at, machine, outcomes }: Report): string {
  const table = (rows: string[][]) => rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
  const gates = outcomes.flatMap((outcome) => outcome.gates);
  const rounds = gates.map(({ path, against, ours, baseline }) => [
    path,
    against,
    ours.map(number).join(', '),
    (baseline ?? []).map(number).join(', '),
  ]);
  return [
    `Run of ${at}: \`${command}\``,
    machine.map((line) => `- ${line}`).join('\n'),
    table([HEAD, HEAD.map(() => '---'), ...gates.map(cells)]),
    '### Each round',
    table([['path', 'against', 'ours', 'baseline'], ['---', '---', '---', '---'], ...rounds]),
    '### Beside the gates',
    ...outcomes.map(({ title, seconds, notes, error }) =>
      [
        `**${title}** (${Math.round(seconds)} s)`,
        ...notes.map((line) => `- ${line}`),
        ...(error ? [`- FAILED: ${error}`] : []),
      ].join('\n'),
    ),
    '',
  ].join('\n\n');
}
