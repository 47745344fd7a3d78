import type { ICodeCell, INotebookContent, IOutput } from "@jupyterlab/nbformat";
import type { Kernel } from "@jupyterlab/services";
import { Outputs } from "./outputs.js";

/** The mime type under which a chart tells whether it is still live. */
const chartType = "application/vnd.architech.chart.v1+json";

/** A chart as the notebook keeps it. */
export interface KeptChart {
  readonly state: string;
  readonly sources: readonly { readonly rows?: readonly Record<string, unknown>[] }[];
}

const chartOf = (output: IOutput): KeptChart | undefined =>
  (output["data"] as Record<string, unknown> | undefined)?.[chartType] as KeptChart | undefined;

/** Every chart among the outputs. */
export const chartsIn = (outputs: readonly IOutput[]): KeptChart[] =>
  outputs.map(chartOf).filter((chart) => chart !== undefined);

/**
 * Runs every cell as "Run All" does, waits until no chart is live, and returns the notebook with its outputs.
 * Stops at the first error, as "Run All" does; the error stands in the outputs of its cell.
 */
export async function executeNotebook(
  kernel: Kernel.IKernelConnection,
  notebook: INotebookContent,
): Promise<INotebookContent> {
  const outputs = new Outputs();
  const executed = structuredClone(notebook);
  // As the lab writes it: a notebook that says it otherwise counts as changed as soon as it is opened.
  executed.metadata.language_info = (await kernel.info).language_info;
  const cells = executed.cells.filter((cell): cell is ICodeCell => cell.cell_type === "code");
  for (const cell of cells) {
    cell.outputs = [];
    cell.execution_count = null;
  }
  const cellOf = new Map<string, ICodeCell>();
  // Not the futures: a chart's updates still come after its cell has ended.
  kernel.iopubMessage.connect((_, message) => {
    const cell = cellOf.get((message.parent_header as { msg_id?: string }).msg_id ?? "");
    if (cell) outputs.add(cell.outputs, message);
  });
  for (const cell of cells) {
    const code = Array.isArray(cell.source) ? cell.source.join("") : cell.source;
    const future = kernel.requestExecute({ code, stop_on_error: true });
    cellOf.set(future.msg.header.msg_id, cell);
    const reply = await future.done;
    cell.execution_count = reply.content.execution_count;
    if (reply.content.status !== "ok") return executed;
  }
  await outputs.until(() => cells.every((cell) => chartsIn(cell.outputs).every((chart) => chart.state !== "live")));
  return executed;
}
