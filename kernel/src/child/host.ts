import type { Comm, CommHandler, Comms } from "./comms.js";
import type { Reporter } from "./reporter.js";
import { currentTrace } from "./trace.js";

/** How `architech` reaches the notebook: see `Host` in the modeling library's charts and diagrams. */
export interface Host {
  display(
    bundle: Record<string, unknown>,
    options?: { displayId?: string; update?: boolean; metadata?: Record<string, unknown> },
  ): void;
  openComm(target: string, data: unknown): Comm | undefined;
  onComm(target: string, handler: CommHandler): void;
  /** The server that the page comes from, which can read runs there itself. */
  readonly server?: { readonly url: string; readonly token?: string };
  /** The trace of the cell that has led here, for the runs that it starts. */
  readonly traceparent: () => string | undefined;
}

/** Puts the host where `architech` looks for it. */
export function installHost(reporter: Reporter, comms: Comms, env: NodeJS.ProcessEnv = process.env): void {
  // Not ARCHITECH_SERVER: that one may be any server, and the page that shows the notebook knows nothing of it.
  const { ARCHITECH_LAB: url, ARCHITECH_TOKEN: token } = env;
  const host: Host = {
    display: (data, { displayId, update = false, metadata = {} } = {}) =>
      reporter.send({ type: "display", bundle: { data, metadata }, ...(displayId ? { displayId } : {}), update }),
    openComm: (target, data) => comms.open(target, data),
    onComm: (target, handler) => comms.on(target, handler),
    traceparent: currentTrace,
    ...(url ? { server: { url, ...(token ? { token } : {}) } } : {}),
  };
  Object.defineProperty(globalThis, Symbol.for("architech.host"), { value: Object.freeze(host), configurable: true });
}
