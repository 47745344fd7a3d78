import type { Kernel, KernelMessage } from "@jupyterlab/services";

/** The kernel's side of a comm. */
export class StandInComm {
  readonly sent: unknown[] = [];
  onMsg: (message: KernelMessage.ICommMsgMsg) => void = () => {};
  onClose: (message: KernelMessage.ICommCloseMsg) => void = () => {};

  send(data: unknown): void {
    this.sent.push(data);
  }

  /** What the kernel says. */
  say(data: object, buffers: (ArrayBuffer | ArrayBufferView)[] = []): void {
    this.onMsg({ content: { comm_id: "c", data }, buffers } as unknown as KernelMessage.ICommMsgMsg);
  }

  close(): void {
    this.onClose({} as KernelMessage.ICommCloseMsg);
  }
}

/** A connection to a kernel, as far as comms go. */
export class StandInKernel {
  readonly targets: string[] = [];
  #accept: (comm: Kernel.IComm, opening: KernelMessage.ICommOpenMsg) => void | PromiseLike<void> = () => {};

  get connection(): Kernel.IKernelConnection {
    return this as unknown as Kernel.IKernelConnection;
  }

  registerCommTarget(name: string, accept: typeof this.accept): void {
    this.targets.push(name);
    this.#accept = accept;
  }

  get accept(): (comm: Kernel.IComm, opening: KernelMessage.ICommOpenMsg) => void | PromiseLike<void> {
    return this.#accept;
  }

  /** Opens a comm with some data. */
  open(data: object): StandInComm {
    const comm = new StandInComm();
    const opening = { content: { comm_id: "c", target_name: this.targets[0], data } };
    void this.#accept(comm as unknown as Kernel.IComm, opening as unknown as KernelMessage.ICommOpenMsg);
    return comm;
  }
}
