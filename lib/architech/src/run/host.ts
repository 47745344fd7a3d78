/** What the kernel of a notebook tells of itself. */
interface Host {
  readonly server?: { readonly url: string; readonly token?: string };
  /** The trace of the cell that is being run. */
  readonly traceparent?: () => string | undefined;
}

/** The notebook that this process works for, if any. */
export function host(): Host | undefined {
  return (globalThis as Record<symbol, unknown>)[Symbol.for("architech.host")] as Host | undefined;
}
