import { type Notes, NotesReader, NotesWriter, refused } from "../engine/notes.js";
import { MergedMachine } from "../parts/merged-machine.js";
import type { PartCheckpoint } from "../parts/part-state.js";
import type { Cut } from "./cut.js";
import type { TaskCheckpoint } from "./task.js";

/** What is to be known of a task that is or was in parts, beside what its simulation and its machines say. */
export interface PartedState {
  /** Rows that were handed out. */
  readonly rowsOut: number;
  /** In how many parts it was to be, at most. */
  readonly most: number;
  readonly windows: number;
  /** Wall time that it has taken. */
  readonly wallMs: number;
  readonly isAcross: boolean;
  readonly cut: CutMark;
}

/** By which one cut is told from another: the parts of all names in their order, and the latencies. */
interface CutMark {
  readonly of: Float64Array;
  readonly latencies: Float64Array;
}

const none = new Float64Array(0);
const asOne: PartedState = {
  rowsOut: 0,
  most: 1,
  windows: 0,
  wallMs: 0,
  isAcross: false,
  cut: { of: none, latencies: none },
};

/** The mark of a cut. */
export function markOf({ of, latencies }: Cut): CutMark {
  return { of: Float64Array.from(of.values()), latencies };
}

/** Whether a cut has this mark. */
export function hasMark(cut: Cut, { of, latencies }: CutMark): boolean {
  const own = markOf(cut);
  return String(own.of) === String(of) && String(own.latencies) === String(latencies);
}

/** It is written down, or read. */
function kept(notes: Notes, state: PartedState): PartedState {
  return {
    rowsOut: notes.number(state.rowsOut),
    most: notes.number(state.most),
    windows: notes.number(state.windows),
    wallMs: notes.number(state.wallMs),
    isAcross: notes.number(state.isAcross ? 1 : 0) === 1,
    cut: { of: notes.doubles(state.cut.of), latencies: notes.doubles(state.cut.latencies) },
  };
}

/** A checkpoint of a task that is in so many parts, or in 1 after it was in more. What is not given of it is that of one as one. */
export function packParted(
  { memory, notes: own }: TaskCheckpoint,
  parts: number,
  state: Partial<PartedState>,
): TaskCheckpoint {
  const notes = new NotesWriter();
  kept(notes, { ...asOne, ...state });
  notes.doubles(own);
  return { memory, notes: notes.written, parts };
}

/** Reads it, and the checkpoint that was packed. Throws `checkpoint-refused`. */
export function unpackParted({ memory, notes: written }: TaskCheckpoint): {
  readonly state: PartedState;
  readonly from: TaskCheckpoint;
} {
  const notes = new NotesReader(written);
  const state = kept(notes, asOne);
  const from = { memory, notes: notes.doubles() as Float64Array<ArrayBuffer> };
  notes.end();
  return { state, from };
}

/** The parts as one machine that says how far they are: the memories one behind the other. */
export class SavedMachine extends MergedMachine {
  checkpoint(): TaskCheckpoint | undefined {
    const saved = this.save();
    if (saved === undefined) return undefined;
    const notes = new NotesWriter();
    for (const { memory, notes: own } of saved.parts) {
      notes.number(memory.byteLength);
      notes.doubles(own);
    }
    notes.doubles(saved.notes);
    return { memory: new Uint8Array(Buffer.concat(saved.parts.map(({ memory }) => memory))), notes: notes.written };
  }
}

/** What `SavedMachine` has saved, of so many parts. */
export function readParts(
  { memory, notes: written }: TaskCheckpoint,
  count: number,
): { readonly parts: readonly PartCheckpoint[]; readonly notes: Float64Array } {
  const notes = new NotesReader(new NotesReader(written).doubles());
  let begin = 0;
  const parts = Array.from({ length: count }, () => {
    const end = begin + notes.number();
    if (!(end >= begin && end <= memory.byteLength)) throw refused("is cut off");
    const part = { memory: memory.slice(begin, end), notes: notes.doubles() as Float64Array<ArrayBuffer> };
    begin = end;
    return part;
  });
  const own = notes.doubles();
  notes.end();
  return { parts, notes: own };
}
