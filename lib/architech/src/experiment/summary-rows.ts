import type { TableColumn } from "./fixed-table.js";
import type { Answer } from "./stream-source.js";
import { SummaryTable } from "./stream-tables.js";
import { tableOpening } from "./table-opening.js";
import { TableReader } from "./table-reader.js";

/** The rows of a run's summary, wherever they come from. */
export interface SummaryRows {
  readonly columns: readonly TableColumn[];
  /** Number of each column by its name. */
  readonly index: ReadonlyMap<string, number>;
  /** Replications of each point. */
  readonly runs: number;
  /** Values of a column at a point, one for each replication. */
  values(column: number, point: number): readonly number[];
  /** The messages of an Arrow IPC stream that says the same. */
  messages(): readonly Uint8Array[];
}

/** Rows that were read from a stream: what opens it, and its batches. */
export class ReadRows implements SummaryRows {
  readonly columns: readonly TableColumn[];
  readonly index: ReadonlyMap<string, number>;
  readonly #messages: readonly Uint8Array[];
  /** Values by column, then point, then replication. */
  readonly #values: readonly number[][][];

  constructor(messages: readonly Uint8Array[], points: number) {
    this.#messages = messages;
    const reader = new TableReader(messages[0] ?? new Uint8Array());
    this.columns = reader.columns;
    this.index = reader.index;
    this.#values = reader.columns.map(() => Array.from({ length: points }, () => []));
    for (const message of messages.slice(1)) {
      const { rows, columns } = reader.read(message);
      for (let i = 0; i < rows; i++)
        for (const [c, column] of columns.entries()) this.#values[c]?.[columns[0]?.[i] ?? 0]?.push(column[i] ?? NaN);
    }
  }

  get runs(): number {
    return this.#values[0]?.[0]?.length ?? 0;
  }

  values(column: number, point: number): readonly number[] {
    return this.#values[column]?.[point] ?? [];
  }

  messages(): readonly Uint8Array[] {
    return this.#messages;
  }
}

/** Rows that were answered without a stream. */
export class AnsweredRows implements SummaryRows {
  readonly columns: readonly TableColumn[];
  readonly index: ReadonlyMap<string, number>;
  readonly #table: SummaryTable;
  readonly #answer: Answer;
  readonly #points: number;
  /** Where the metrics begin: behind the place and the keys. */
  readonly #first: number;
  #read: ReadRows | undefined;

  constructor(answer: Answer, points: number) {
    this.#answer = answer;
    this.#points = points;
    this.#table = new SummaryTable(answer.shape);
    this.#first = 2 + Object.keys(answer.shape.keys[0] ?? {}).length;
    this.columns = this.#table.columns;
    this.index = new Map(this.columns.map(({ name }, i) => [name, i]));
  }

  get runs(): number {
    return this.#answer.rows.length / this.#points;
  }

  values(column: number, point: number): readonly number[] {
    const metric = column - this.#first;
    if (metric >= 0 && metric < this.#answer.shape.metrics.length)
      return this.#answer.rows.filter((row) => row.point === point).map(({ result }) => result.value(metric));
    this.#read ??= new ReadRows(this.messages(), this.#points);
    return this.#read.values(column, point);
  }

  messages(): readonly Uint8Array[] {
    const rows = this.#answer.rows.map(({ result, ...place }) => this.#table.row(place, result));
    return [tableOpening(this.#table), ...rows];
  }
}
