/** A text that is kept, and since when. */
export interface Kept {
  readonly name: string;
  readonly text: string;
  readonly created: Date;
  readonly modified: Date;
}

/** Small texts by name: where settings and layouts of the lab are kept. A name is any text that its owner has checked. */
export interface Texts {
  names(): Promise<string[]>;
  get(name: string): Promise<Kept | undefined>;
  set(name: string, text: string): Promise<void>;
  /** Whether it was there. */
  delete(name: string): Promise<boolean>;
}
