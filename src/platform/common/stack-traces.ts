import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Place in a compiled file with a map beside it: `file:///…/main.js:12:5`. */
const POSITION = /(file:\/\/\S+\.js):(\d+):(\d+)/;

const maps = new Map<string, SourceMap | undefined>();

/**
 * Makes stack traces name files and lines of the sources. Node's `--enable-source-maps` does the same, but reads every map
 * while it loads the code; here a map is read when an error of its file is printed.
 */
export function traceSources(): void {
  if (process.sourceMapsEnabled) return;
  Error.prepareStackTrace = (error, frames) =>
    [String(error), ...frames.map((frame) => `    at ${String(frame).replace(POSITION, original)}`)].join(
      '\n',
    );
}

function original(position: string, url: string, line: string, column: string): string {
  const origin = mapOf(url)?.findOrigin(Number(line), Number(column));
  return origin && 'fileName' in origin
    ? `${new URL(origin.fileName, url).pathname}:${origin.lineNumber}:${origin.columnNumber}`
    : position;
}

function mapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) maps.set(url, readMap(`${fileURLToPath(url)}.map`));
  return maps.get(url);
}

function readMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
