/** What was run, as a client asks for it: session, number, and the input alone or with its output. */
export type HistoryRow = [session: number, line: number, entry: string | [input: string, output: string | null]];

interface Entry {
  readonly line: number;
  readonly input: string;
  readonly output: string | null;
}

/** There is one session: the life of the kernel. */
const session = 1;

/** The inputs of this session and what they came to. */
export class History {
  readonly #entries: Entry[] = [];

  add(line: number, input: string, output: string | null): void {
    this.#entries.push({ line, input, output });
  }

  /** Answers a history request; one that asks for what there is not gets an empty list. */
  find(request: Record<string, unknown>): HistoryRow[] {
    const withOutput = request["output"] === true;
    return this.#select(request).map(({ line, input, output }) => [
      session,
      line,
      withOutput ? [input, output] : input,
    ]);
  }

  #select(request: Record<string, unknown>): readonly Entry[] {
    const n = typeof request["n"] === "number" ? request["n"] : Number.POSITIVE_INFINITY;
    if (request["hist_access_type"] === "tail") return last(this.#entries, n);
    if (request["hist_access_type"] === "range") return this.#range(request);
    if (request["hist_access_type"] !== "search") return [];
    const pattern = glob(String(request["pattern"] ?? "*"));
    const found = this.#entries.filter(({ input }) => pattern.test(input));
    return last(request["unique"] === true ? unique(found) : found, n);
  }

  #range(request: Record<string, unknown>): readonly Entry[] {
    const wanted = Number(request["session"] ?? 0);
    // 0 is this session, negative numbers those before it, which are gone
    if (wanted !== 0 && wanted !== session) return [];
    const start = Number(request["start"] ?? 0);
    const stop = typeof request["stop"] === "number" ? request["stop"] : Number.POSITIVE_INFINITY;
    return this.#entries.filter(({ line }) => line >= start && line < stop);
  }
}

const last = (entries: readonly Entry[], n: number): readonly Entry[] => (n <= 0 ? [] : entries.slice(-n));

/** Each input once, where it was run last. */
function unique(entries: readonly Entry[]): readonly Entry[] {
  const latest = new Map<string, Entry>();
  for (const entry of entries) {
    latest.delete(entry.input);
    latest.set(entry.input, entry);
  }
  return [...latest.values()];
}

/** `*` stands for any text and `?` for one character. */
function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^]*")
    .replaceAll("?", "[^]");
  return new RegExp(`^${source}$`);
}
