import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ICodeCell, INotebookContent, IOutput } from "@jupyterlab/nbformat";

/** A notebook of TypeScript cells that have not been run. */
function notebook(cells: readonly string[]): INotebookContent {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "architech", display_name: "TypeScript (Architech)", language: "typescript" } },
    cells: cells.map((source, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      source,
      metadata: {},
      execution_count: null,
      outputs: [],
    })),
  } as unknown as INotebookContent;
}

export async function writeNotebook(folder: string, name: string, cells: readonly string[]): Promise<void> {
  await writeFile(join(folder, name), JSON.stringify(notebook(cells)));
}

/** The outputs that a notebook on disk keeps. */
export async function keptOutputs(path: string): Promise<IOutput[]> {
  const { cells } = JSON.parse(await readFile(path, "utf8")) as INotebookContent;
  return cells.filter((cell): cell is ICodeCell => cell.cell_type === "code").flatMap(({ outputs }) => outputs);
}

/** A chart that a notebook keeps. */
export interface KeptChart {
  readonly state: string;
  readonly rows: readonly Record<string, unknown>[];
  readonly svg: string;
}

/** The charts among outputs. */
export function chartsIn(outputs: readonly IOutput[]): KeptChart[] {
  return outputs.flatMap((output) => {
    const data = (output["data"] ?? {}) as Record<string, unknown>;
    const chart = data["application/vnd.architech.chart.v1+json"] as
      | { state: string; sources: { rows?: Record<string, unknown>[] }[] }
      | undefined;
    if (chart === undefined) return [];
    const svg = data["image/svg+xml"];
    return [
      {
        state: chart.state,
        rows: chart.sources.flatMap(({ rows }) => rows ?? []),
        svg: Array.isArray(svg) ? svg.join("") : String(svg ?? ""),
      },
    ];
  });
}
