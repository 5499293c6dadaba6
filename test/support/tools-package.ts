const scripts = await import(new URL('../../../scripts/tools-package.mjs', import.meta.url).href);

/** A package of `tools/`, which only tests and checks need. */
export const fromTools: <T>(name: string) => Promise<T> = scripts.fromTools;

/** Path of a program that a package of `tools/` brings. */
export function toolsProgram(name: string): string {
  scripts.ensureToolsPackage(name);
  return scripts.toolsProgram(name);
}
