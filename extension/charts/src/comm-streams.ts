import type { Kernel, KernelMessage } from "@jupyterlab/services";
import { streamTargetName } from "./mime.js";
import { ReceivedRun } from "./received-run.js";
import type { RunStream } from "./run-stream.js";

/** Runs that kernels send over comms, by their identifiers. */
export class CommStreams {
  readonly #runs = new Map<string, ReceivedRun>();
  readonly #kernels = new WeakSet<Kernel.IKernelConnection>();
  readonly #waiting = new Map<string, ((run: RunStream) => void)[]>();

  /** Accepts the runs of a kernel. */
  listen(kernel: Kernel.IKernelConnection | undefined): void {
    if (kernel === undefined || this.#kernels.has(kernel)) return;
    this.#kernels.add(kernel);
    kernel.registerCommTarget(streamTargetName, (comm, opening) => this.#accept(comm, opening));
  }

  /** A run that a kernel sends or has sent. */
  find(run: string): RunStream | undefined {
    return this.#runs.get(run);
  }

  /** The same, waited for: the chart may be there before its comm. Undefined when it does not come in time. */
  arrival(run: string, timeoutMs: number): Promise<RunStream | undefined> {
    const known = this.#runs.get(run);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), timeoutMs);
      const arrive = (arrived: RunStream): void => {
        clearTimeout(timer);
        resolve(arrived);
      };
      this.#waiting.set(run, [...(this.#waiting.get(run) ?? []), arrive]);
    });
  }

  #accept(comm: Kernel.IComm, opening: KernelMessage.ICommOpenMsg): void {
    const { run } = opening.content.data as { run?: unknown };
    if (typeof run !== "string") return;
    const received = new ReceivedRun();
    this.#runs.set(run, received);
    comm.onMsg = ({ content, buffers }) => {
      const { frames, end } = content.data as { frames?: unknown; end?: unknown };
      for (const buffer of buffers ?? []) received.add(bytesOf(buffer));
      if (typeof frames === "number") comm.send({ ack: frames });
      if (end === "done" || end === "failed" || end === "cancelled") received.end({ state: end });
    };
    comm.onClose = () => received.lose();
    comm.send({ ready: true });
    for (const resolve of this.#waiting.get(run) ?? []) resolve(received);
    this.#waiting.delete(run);
  }
}

/** Copied so that a frame begins at an even address, whatever the message around it was. */
function bytesOf(buffer: ArrayBuffer | ArrayBufferView): Uint8Array {
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer.slice(0))
    : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).slice();
}
