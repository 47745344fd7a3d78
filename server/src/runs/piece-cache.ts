/** Frames of a run that were read at once. */
export interface Piece {
  /** Number of its first frame; the others follow. */
  readonly first: number;
  readonly frames: readonly Uint8Array[];
}

/** Pieces of all runs that were read last, up to so many bytes: those that nobody has wanted for longest go first. */
export class PieceCache {
  readonly #limit: number;
  /** What takes each out of its run's index; least recently wanted first. */
  readonly #kept = new Map<Piece, () => void>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** `forget` is called when the piece goes, at once if it is larger than all that may be kept. */
  keep(piece: Piece, forget: () => void): void {
    this.#kept.set(piece, forget);
    this.#bytes += bytesOf(piece);
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#limit) return;
      this.drop(oldest);
    }
  }

  wanted(piece: Piece): void {
    const forget = this.#kept.get(piece);
    if (forget === undefined) return;
    this.#kept.delete(piece);
    this.#kept.set(piece, forget);
  }

  drop(piece: Piece): void {
    const forget = this.#kept.get(piece);
    if (forget === undefined) return;
    this.#kept.delete(piece);
    this.#bytes -= bytesOf(piece);
    forget();
  }
}

function bytesOf({ frames }: Piece): number {
  return frames.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
