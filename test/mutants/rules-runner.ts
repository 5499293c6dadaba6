import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

// Stryker's way to the rules tests, in its own process and sandbox. Jest would load every test file again for each error; here a
// test file and what it imports are loaded once, and again only for an error that works while they are being loaded.

type Work = () => unknown;

interface Suite {
  readonly name: string;
  readonly before: Work[];
  readonly after: Work[];
  readonly parts: (Suite | Test)[];
}

interface Test {
  readonly name: string;
  readonly work: Work;
}

/** Global in which the instrumented code counts, and finds which of its errors is planted. */
interface Planted {
  activeMutant?: string;
  currentTestId?: string;
  mutantCoverage: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
  hitCount?: number;
  hitLimit?: number;
}

interface MutantRun {
  readonly activeMutant: { readonly id: string };
  readonly sandboxFileName: string;
  readonly mutantActivation: 'static' | 'runtime';
  readonly testFilter?: readonly string[];
  readonly hitLimit?: number;
}

/** A test of a file: its name there and the works before and after it. */
interface Case {
  readonly id: string;
  readonly file: string;
  readonly suites: readonly Suite[];
  readonly work: Work;
}

/** Tests in areas that look at the tree, of which the sandbox has a part, or that need a program. */
const LEFT_OUT = ['english', 'deployment', 'advisory-locks', 'ticket-page', 'asyncapi', 'stack-traces'];
const TEST_TIMEOUT_MS = 5_000;
/** In the sandbox, for the processes that follow on one which was ended. */
const TIMES = 'test-times.json';

const scope = globalThis as unknown as { __stryker__: Planted };
/** The compiled sandbox. */
let root = '';
let suites: Suite[] = [];
let loads = 0;

const suite = (name: string): Suite => ({ name, before: [], after: [], parts: [] });

// In the place of `@jest/globals`.
export function describe(name: string, work: Work): void {
  const made = suite(name);
  suites.at(-1)!.parts.push(made);
  suites.push(made);
  work();
  suites.pop();
}
export const test = (name: string, work: Work): void => void suites.at(-1)!.parts.push({ name, work });
export const beforeAll = (work: Work): void => void suites.at(-1)!.before.push(work);
export const afterAll = (work: Work): void => void suites.at(-1)!.after.push(work);

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@jest/globals') return { url: import.meta.url, shortCircuit: true };
    const found = next(specifier, context);
    const load = context.parentURL ? new URL(context.parentURL).search : '';
    return root && load && found.url.startsWith(root)
      ? { ...found, url: `${found.url.split('?')[0]}${load}` }
      : found;
  },
});

function casesOf(file: string, above: readonly Suite[]): Case[] {
  return above.at(-1)!.parts.flatMap((part) =>
    'work' in part
      ? [
          {
            id: [file, ...above.slice(1).map(({ name }) => name), part.name].join(' > '),
            file,
            suites: above,
            work: part.work,
          },
        ]
      : casesOf(file, [...above, part]),
  );
}

async function load(file: string): Promise<Case[]> {
  const top = suite(file);
  suites = [top];
  await import(`${root}test/rules/${file}?load=${++loads}`);
  return casesOf(file, [top]);
}

/** Rejected where a work fails, or another one that it has begun and left alone. */
async function inTime(work: Work): Promise<void> {
  let fail = (_: unknown): void => {};
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
    timer = setTimeout(() => reject(new Error('Not done in time')), TEST_TIMEOUT_MS);
  });
  process.on('uncaughtException', fail);
  try {
    await Promise.race([failed, (async () => work())()]);
  } finally {
    clearTimeout(timer);
    process.off('uncaughtException', fail);
  }
}

/** Fails of the tests, one for each that failed; ends with the first where `bail` says so. */
async function run(cases: readonly Case[], bail: boolean): Promise<Map<string, string>> {
  const failures = new Map<string, string>();
  let open: readonly Suite[] = [];
  const close = async (left: readonly Suite[]) => {
    for (const { after } of left.toReversed()) for (const work of after) await inTime(work);
  };
  for (const one of cases) {
    scope.__stryker__.currentTestId = one.id;
    try {
      await close(open.filter((made) => !one.suites.includes(made)));
      for (const made of one.suites.filter((other) => !open.includes(other)))
        for (const work of made.before) await inTime(work);
      open = one.suites;
      await inTime(one.work);
    } catch (error) {
      failures.set(one.id, error instanceof Error ? error.message : String(error));
      if (bail) break;
    }
  }
  await close(open).catch(() => {});
  delete scope.__stryker__.currentTestId;
  return failures;
}

class RulesRunner {
  static readonly inject = [] as const;
  private cases: Case[] = [];
  /** Test files that an error of these works in while they are being loaded. */
  private readonly loading = new Map<string, Set<string>>();

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    // Only now Stryker has moved into the sandbox.
    root = pathToFileURL(join(process.cwd(), 'dist/')).href;
    scope.__stryker__ ??= { mutantCoverage: { static: {}, perTest: {} } };
    scope.__stryker__.mutantCoverage ??= { static: {}, perTest: {} };
    const counts = scope.__stryker__.mutantCoverage.static;
    for (const file of testFiles()) {
      const before = { ...counts };
      this.cases.push(...(await load(file)));
      for (const [id, count] of Object.entries(counts))
        if (count !== before[id]) this.loading.set(id, (this.loading.get(id) ?? new Set()).add(file));
    }
  }

  async dryRun() {
    const tests = [];
    const times: Record<string, number> = {};
    for (const one of this.cases) {
      const began = performance.now();
      const failures = await run([one], false);
      const about = { id: one.id, name: one.id, timeSpentMs: performance.now() - began };
      times[one.id] = about.timeSpentMs;
      tests.push(
        failures.size === 0
          ? { ...about, status: 0 }
          : { ...about, status: 1, failureMessage: failures.get(one.id)! },
      );
    }
    writeFileSync(TIMES, JSON.stringify(times));
    return { status: 'complete', tests, mutantCoverage: scope.__stryker__.mutantCoverage };
  }

  async mutantRun({
    activeMutant: { id },
    sandboxFileName,
    mutantActivation,
    testFilter,
    hitLimit,
  }: MutantRun) {
    const planted = scope.__stryker__;
    planted.activeMutant = id;
    planted.hitLimit = hitLimit;
    planted.hitCount = hitLimit === undefined ? undefined : 0;
    try {
      const cases =
        mutantActivation === 'static'
          ? await this.reload(id, areaOf(relative(join(process.cwd(), 'src'), sandboxFileName)))
          : this.cases.filter((one) => testFilter === undefined || testFilter.includes(one.id));
      const times: Record<string, number> = JSON.parse(readFileSync(TIMES, 'utf8'));
      const quickest = cases.toSorted((a, b) => (times[a.id] ?? 0) - (times[b.id] ?? 0));
      const failures = await run(quickest, true);
      if (planted.hitLimit !== undefined && planted.hitCount! > planted.hitLimit)
        return { status: 'timeout' };
      if (failures.size === 0) return { status: 'survived', nrOfTests: cases.length };
      const [[killer, failureMessage]] = [...failures] as [[string, string]];
      return { status: 'killed', killedBy: [killer], failureMessage, nrOfTests: cases.length };
    } catch (error) {
      // A file that cannot be loaded fails as a whole.
      return { status: 'killed', killedBy: [this.cases[0]!.id], failureMessage: String(error), nrOfTests: 1 };
    } finally {
      delete planted.activeMutant;
    }
  }

  /** The tests of the error's own area, in all files that run it, loaded with it: others that import it say little of it. */
  private async reload(id: string, area: string): Promise<Case[]> {
    const covered = scope.__stryker__.mutantCoverage.perTest;
    const files = new Set(this.loading.get(id));
    for (const { id: name, file } of this.cases) if (covered[name]?.[id]) files.add(file);
    const cases: Case[] = [];
    for (const file of files) if (areaOf(file) === area) cases.push(...(await load(file)));
    return cases;
  }
}

const areaOf = (path: string): string => path.split(sep)[0]!;

function testFiles(): string[] {
  return globSync('*/**/*.test.js', { cwd: new URL('test/rules/', root) })
    .filter((file) => !LEFT_OUT.some((name) => file.endsWith(`${name}.test.js`)))
    .toSorted();
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'rules', injectableClass: RulesRunner }];
