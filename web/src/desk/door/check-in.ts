import { api, ok, Problem, type Schemas } from '../../api.js';

export type Scan = Schemas['Scan'];
export type Scanned = Schemas['Scanned'];

/** Result of a scan. */
export type Verdict =
  | { readonly kind: 'admitted'; readonly ticket: Scanned; readonly scan: Scan }
  | { readonly kind: 'undone'; readonly ticket: Scanned }
  | {
      readonly kind: 'used';
      readonly at: string;
      readonly gate: string;
      readonly ticket: Scanned | undefined;
    }
  | { readonly kind: 'refused'; readonly error: unknown };

/** Members of the problem `already_checked_in`. */
interface Used {
  readonly checkedInAt: string;
  readonly gate: string;
  readonly ticket?: Scanned;
}

/** Entrance that has no name of its own: counted as one, whatever the language of the page calls it. */
export const MAIN_GATE = 'main';

/** Codes for people are short, however they are typed; what a QR code holds is not. */
const LONGEST_CODE = 60;

/** Typed or read: the API takes either a code or the content of a QR code. */
export const scanOf = (text: string, gate: string): Scan =>
  text.length > LONGEST_CODE ? { token: text, gate } : { code: text, gate };

/**
 * Keys of scans that have not succeeded yet: whoever scans the same again repeats the request. The server remembers what
 * it did, and no refusals, so a refusal that did not see the first try (too many requests, say) ends no key.
 */
const pending = new Map<string, string>();

/** Does what a scan asks for, once, however often it is asked until it has succeeded. */
async function once<T>(
  what: string,
  work: (headers: { 'Idempotency-Key': string }) => Promise<T>,
): Promise<T> {
  const key = pending.get(what) ?? crypto.randomUUID();
  pending.set(what, key);
  const answer = await work({ 'Idempotency-Key': key });
  pending.delete(what);
  return answer;
}

export async function admit(id: string, scan: Scan): Promise<Verdict> {
  try {
    const ticket = await once(JSON.stringify(['in', id, scan]), (header) =>
      ok(api.POST('/api/v1/events/{id}/check-in', { params: { path: { id }, header }, body: scan })),
    );
    return { kind: 'admitted', ticket, scan };
  } catch (error) {
    if (error instanceof Problem && error.code === 'already_checked_in') {
      const { checkedInAt, gate, ticket } = error.body as unknown as Used;
      return { kind: 'used', at: checkedInAt, gate, ticket };
    }
    return { kind: 'refused', error };
  }
}

export async function undo(id: string, scan: Scan): Promise<Verdict> {
  try {
    const ticket = await once(JSON.stringify(['out', id, scan]), (header) =>
      ok(api.POST('/api/v1/events/{id}/check-in/undo', { params: { path: { id }, header }, body: scan })),
    );
    return { kind: 'undone', ticket };
  } catch (error) {
    return { kind: 'refused', error };
  }
}

export const attendanceQuery = (id: string) => ({
  queryKey: ['attendance', id],
  queryFn: () => ok(api.GET('/api/v1/events/{id}/check-in', { params: { path: { id } } })),
  refetchInterval: 5_000,
});
