const QUOTE = 34;
const BACKSLASH = 92;
const OPENING = new Set([91, 123]);
const CLOSING = new Set([93, 125]);
const COLON = 58;
const COMMA = 44;

/**
 * Source text of one member of the object that a JSON text holds, exactly as it was sent: parsing and printing would
 * change the form of numbers and the order of keys that look like numbers. Like JSON.parse, the last of equal keys counts.
 * @param json a text that JSON.parse accepts and that holds an object
 */
export function memberSource(json: string, key: string): string | undefined {
  let depth = 0;
  let start = 0;
  let name: string | undefined;
  let found: string | undefined;
  const endMember = (end: number) => {
    if (name === key) found = json.slice(start, end).trim();
    name = undefined;
    start = end + 1;
  };
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code === QUOTE) i = endOfString(json, i);
    else if (OPENING.has(code)) {
      if (++depth === 1) start = i + 1;
    } else if (CLOSING.has(code)) {
      if (--depth === 0) endMember(i);
    } else if (depth === 1 && code === COLON) {
      name = JSON.parse(json.slice(start, i));
      start = i + 1;
    } else if (depth === 1 && code === COMMA) endMember(i);
  }
  return found;
}

function endOfString(json: string, opening: number): number {
  for (let end = json.indexOf('"', opening + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return json.length;
}
