type Listener<T> = (value: T) => void;

/** Listeners by kind of event; `on` returns what takes its listener away again. */
export class Emitter<Events extends object> {
  private readonly listeners = new Map<keyof Events, Set<Listener<never>>>();

  on<K extends keyof Events>(kind: K, listener: Listener<Events[K]>): () => void {
    const set = this.listeners.get(kind) ?? new Set();
    this.listeners.set(kind, set.add(listener as Listener<never>));
    return () => set.delete(listener as Listener<never>);
  }

  protected emit<K extends keyof Events>(kind: K, value: Events[K]): void {
    for (const listener of this.listeners.get(kind) ?? []) (listener as Listener<Events[K]>)(value);
  }
}
