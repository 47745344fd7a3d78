/** The library that tables are handed out with. */
type ArrowLibrary = typeof import("apache-arrow");

let provider: (() => ArrowLibrary) | undefined;

/**
 * Says where Apache Arrow's library is. What is simulated and estimated does without it: it is loaded for whoever asks
 * for a table, since loading it takes longer than most runs.
 */
export function provideArrow(provide: () => ArrowLibrary): void {
  provider = provide;
}

/** Apache Arrow's library, loaded when it is first asked for. */
export function arrow(): ArrowLibrary {
  if (provider === undefined) throw new Error("there are no tables here: provideArrow() was not called");
  return provider();
}
