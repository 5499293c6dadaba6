/** Paths of the commands that scripts/test-tools.mjs found, by name. */
const found: Record<string, string> = JSON.parse(process.env.EVENTLY_TEST_TOOLS ?? '{}');

/** Path of a command; fails when it is not there: such tests are skipped by `without`. */
export function tool(command: string): string {
  const path = found[command];
  if (!path) throw new Error(`${command} is not installed, or missing in scripts/test-tools.mjs`);
  return path;
}

/** False when the command is there, otherwise what is missing. */
export const without = (command: string): string | false => !found[command] && `${command} is not installed`;
