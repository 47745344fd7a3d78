/** Data by MIME type, as Jupyter shows it. */
export interface Bundle {
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
}

/** An error as Jupyter shows it. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly traceback: readonly string[];
}

/** How a run ended. */
export type Outcome =
  | { readonly status: "ok"; readonly result?: Bundle }
  | { readonly status: "error"; readonly failure: Failure };

/** What the kernel tells the process in which cells run. */
export type Command =
  | {
      readonly type: "run";
      readonly run: number;
      readonly cell: number;
      /** What people call the cell: its execution count. */
      readonly label: string;
      readonly javascript: string;
      readonly map: string;
      /** The cell's text, quoted in tracebacks. */
      readonly source: string;
      /** The trace that it is a part of. */
      readonly traceparent?: string;
    }
  | { readonly type: "input"; readonly id: number; readonly value?: string; readonly error?: string }
  | CommMessage;

/** A message of a comm, either way. */
export type CommMessage =
  | {
      readonly type: "comm-open";
      readonly id: string;
      readonly target: string;
      readonly data: unknown;
      readonly buffers: readonly Uint8Array[];
    }
  | {
      readonly type: "comm-message" | "comm-close";
      readonly id: string;
      readonly data: unknown;
      readonly buffers: readonly Uint8Array[];
    };

/** What the process in which cells run tells the kernel. `run` is the run that caused it, 0 if none did. */
export type Report = { readonly run: number } & (
  | { readonly type: "ready" }
  | { readonly type: "done"; readonly outcome: Outcome; readonly lost: readonly string[] }
  | { readonly type: "stream"; readonly name: StreamName; readonly text: string }
  | { readonly type: "display"; readonly bundle: Bundle; readonly displayId?: string; readonly update: boolean }
  | { readonly type: "clear"; readonly wait: boolean }
  | { readonly type: "input-request"; readonly id: number; readonly prompt: string; readonly password: boolean }
  | CommMessage
);

/** The two streams of a process. */
export type StreamName = "stdout" | "stderr";
