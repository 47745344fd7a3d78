import type { IOutput } from "@jupyterlab/nbformat";
import type { KernelMessage } from "@jupyterlab/services";

interface Displayed {
  readonly id: string;
  readonly output: { data: unknown; metadata: unknown };
}

/** Collects what a kernel publishes into the outputs of cells, as a front end would. */
export class Outputs {
  readonly #displayed: Displayed[] = [];
  readonly #watchers = new Set<() => void>();

  /** Adds one message to a cell's outputs; an update of a display changes the cell that shows it. */
  add(cell: IOutput[], message: KernelMessage.IIOPubMessage): void {
    const { content } = message;
    switch (message.header.msg_type) {
      case "stream":
        addStream(cell, content as KernelMessage.IStreamMsg["content"]);
        break;
      case "error":
        cell.push({ output_type: "error", ...(content as KernelMessage.IErrorMsg["content"]) });
        break;
      case "execute_result": {
        const { data, metadata, execution_count } = content as KernelMessage.IExecuteResultMsg["content"];
        cell.push({ output_type: "execute_result", data, metadata, execution_count });
        break;
      }
      case "display_data":
      case "update_display_data":
        this.#display(cell, message as KernelMessage.IDisplayDataMsg | KernelMessage.IUpdateDisplayDataMsg);
        break;
      default:
    }
    for (const watcher of this.#watchers) watcher();
  }

  /** Resolves once the predicate holds; asked again after each message. */
  until(predicate: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!predicate()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  #display(cell: IOutput[], message: KernelMessage.IDisplayDataMsg | KernelMessage.IUpdateDisplayDataMsg): void {
    const { data, metadata, transient } = message.content;
    const id = (transient as { display_id?: string } | undefined)?.display_id;
    if (message.header.msg_type === "update_display_data") {
      for (const shown of this.#displayed) if (shown.id === id) Object.assign(shown.output, { data, metadata });
      return;
    }
    const output = { output_type: "display_data", data, metadata };
    cell.push(output);
    if (id !== undefined) this.#displayed.push({ id, output });
  }
}

function addStream(cell: IOutput[], { name, text }: KernelMessage.IStreamMsg["content"]): void {
  const last = cell.at(-1);
  if (last?.output_type === "stream" && last["name"] === name) last["text"] = `${String(last["text"])}${text}`;
  else cell.push({ output_type: "stream", name, text });
}
