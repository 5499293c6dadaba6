import { type Config, loadConfig, withDatabaseAt } from '../../src/platform/config/config.js';

/** The settings that a test gives, of each part only what differs; a part that may be absent is given whole. */
export type Overrides = {
  readonly [Part in keyof Config]?: undefined extends Config[Part]
    ? Config[Part]
    : Config[Part] extends object
      ? Partial<Config[Part]>
      : Config[Part];
};

/** The environment's settings with a free port, without demo and limits, and then what is given. */
export function configWith(overrides: Overrides & { database: { url: string } }): Config {
  const settings = loadConfig({ ...process.env, PORT: '0', LOG_LEVEL: process.env.LOG_LEVEL ?? 'error' });
  const base: Config = {
    ...withDatabaseAt(overrides.database.url, settings),
    demo: false,
    limits: { ...settings.limits, on: false },
  };
  const parts = Object.entries(overrides).map(([part, given]) => {
    const before = base[part as keyof Config];
    return [part, isObject(before) && isObject(given) ? { ...before, ...given } : given];
  });
  return { ...base, ...Object.fromEntries(parts) };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
