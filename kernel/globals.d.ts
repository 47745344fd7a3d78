// What every cell finds without importing it, beside what Node has.

/** Something shown below a cell that can be shown anew in its place. */
interface Shown {
  readonly id: string;
  /** Shows another value in the same place. */
  update(value: unknown): Promise<void>;
}

/** A channel between a cell and the front end. */
interface Comm {
  readonly id: string;
  send(data: unknown, buffers?: readonly Uint8Array[]): void;
  onMessage(listener: (data: unknown, buffers: Uint8Array[]) => void): void;
  onClose(listener: (data: unknown) => void): void;
  close(data?: unknown): void;
}

/** Shows a value below the cell at once, not only at its end. */
declare const display: {
  (value: unknown): Promise<Shown>;
  html(text: string): Shown;
  markdown(text: string): Shown;
  svg(text: string): Shown;
  json(value: unknown): Shown;
  /** Shows a bundle of representations by MIME type; the front end takes the richest it can show. */
  bundle(
    data: Record<string, unknown>,
    options?: { id?: string; update?: boolean; metadata?: Record<string, unknown> },
  ): Shown;
  /** Clears what the cell has shown; with `wait` only when the next thing is shown, which avoids a flicker. */
  clear(options?: { wait?: boolean }): void;
};

/** Asks the person in front of the notebook for a line; `password` hides what is typed. */
declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;

/** Channels to the front end, for widgets and the like. */
declare const comms: {
  /** Opens a comm to a target that the front end has registered. */
  open(target: string, data?: unknown, buffers?: readonly Uint8Array[]): Comm;
  /** Says what to do when the front end opens a comm to `target`. */
  on(target: string, handler: (comm: Comm, data: unknown, buffers: Uint8Array[]) => void): void;
};
