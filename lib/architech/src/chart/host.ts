/** A comm between the kernel and a front end. */
export interface Comm {
  readonly id: string;
  send(data: unknown, buffers?: Uint8Array[]): void;
  onMessage(listener: (data: unknown, buffers: Uint8Array[]) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** Representations of one thing by mime type. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** The notebook that the code runs in, as far as charts and diagrams know it. */
export interface Host {
  /** Shows a bundle, or renews what was shown under the same `displayId`. */
  display(
    bundle: MimeBundle,
    options?: { displayId?: string; update?: boolean; metadata?: Record<string, unknown> },
  ): void;
  /** Opens a comm; undefined where there is no front end. */
  openComm(target: string, data: unknown): Comm | undefined;
  /** Present inside a server of ours, where front ends read runs by themselves. */
  readonly server?: { readonly url: string; readonly token?: string };
}

const key: unique symbol = Symbol.for("architech.host") as never;

/** The notebook, or undefined in a script. */
export function currentHost(): Host | undefined {
  return (globalThis as { [key]?: Host })[key];
}

/** Name of the method by which a value says how a notebook shows it: a MIME bundle, or nothing when it has shown itself. */
export const displayMethod: unique symbol = Symbol.for("Jupyter.display") as never;
