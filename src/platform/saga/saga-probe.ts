/** Called around every step, before and after what is persisted of it: for fault drills and measurements. */
export interface SagaProbe {
  before(kind: string, step: string, undo: boolean): Promise<void> | void;
  /** The step has had its effect; its outcome is not persisted yet. */
  after(kind: string, step: string, undo: boolean): Promise<void> | void;
}

export const SAGA_PROBE = Symbol('saga probe');
