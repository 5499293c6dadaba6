import { api, ok, Problem, type Schemas } from '../api.js';

export type Scan = Schemas['Scan'];

/** What a scan came to. */
export type Verdict =
  | { readonly kind: 'admitted'; readonly ticket: Schemas['Scanned']; readonly scan: Scan }
  | { readonly kind: 'undone'; readonly ticket: Schemas['Scanned'] }
  | { readonly kind: 'used'; readonly at: string; readonly gate: string }
  | { readonly kind: 'refused'; readonly error: unknown };

/** Codes for people are short; what a QR code holds is not. */
const LONGEST_CODE = 20;

/** Typed or read: the API takes either a code or the content of a QR code. */
export const scanOf = (text: string, gate: string): Scan =>
  text.length > LONGEST_CODE ? { token: text, gate } : { code: text, gate };

export async function admit(id: string, scan: Scan): Promise<Verdict> {
  try {
    const ticket = await ok(
      api.POST('/api/v1/events/{id}/check-in', { params: { path: { id } }, body: scan }),
    );
    return { kind: 'admitted', ticket, scan };
  } catch (error) {
    if (error instanceof Problem && error.code === 'already_checked_in')
      return { kind: 'used', at: String(error.body.checkedInAt), gate: String(error.body.gate) };
    return { kind: 'refused', error };
  }
}

export async function undo(id: string, scan: Scan): Promise<Verdict> {
  try {
    const params = { path: { id } };
    const ticket = await ok(api.POST('/api/v1/events/{id}/check-in/undo', { params, body: scan }));
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
