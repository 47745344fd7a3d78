/** Frames one by one, of pieces of several, until the signal. */
export async function* singly(
  pieces: AsyncIterable<readonly Uint8Array[]>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const frames of pieces)
    for (const frame of frames) {
      if (signal?.aborted === true) return;
      yield frame;
    }
}
