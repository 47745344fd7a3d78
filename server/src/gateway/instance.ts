import { does, type ServiceNote } from "../cluster/service-note.js";
import { Breaker, type Failure } from "./breaker.js";
import type { ServiceRole } from "./destination.js";

/** A service as a gateway sees it: what it says of itself, and how it has answered. */
export class Instance {
  #note: ServiceNote;
  /** Kernels that it was seen to start since it has said how many it runs. */
  #begun = 0;
  /** Requests that it has not answered yet. */
  outstanding = 0;
  readonly #breaker: Breaker = new Breaker();
  readonly #onFailure: (how: Failure) => void;
  #isReady = true;

  constructor(note: ServiceNote, onFailure: (how: Failure) => void = () => {}) {
    this.#note = note;
    this.#onFailure = onFailure;
  }

  get note(): ServiceNote {
    return this.#note;
  }

  /** It says this now. */
  hear(note: ServiceNote): void {
    if (note === this.#note) return;
    this.#note = note;
    this.#begun = 0;
  }

  /** It has started a kernel. */
  begun(): void {
    this.#begun += 1;
  }

  get id(): string {
    return this.note.id;
  }

  get url(): string {
    return this.note.url;
  }

  /** Kernels it runs and is about to start, as far as is known here. */
  get kernels(): number {
    return this.note.load.kernels + this.#begun + this.outstanding;
  }

  does(role: ServiceRole): boolean {
    return does(this.note, role);
  }

  /** Whether it is given what any of its role could do. */
  get isHealthy(): boolean {
    return this.note.ready && this.#isReady && !this.#breaker.isOpen;
  }

  get isOut(): boolean {
    return this.#breaker.isOpen;
  }

  get mayProbe(): boolean {
    return this.#breaker.mayProbe;
  }

  /** It said whether it is ready. */
  probed(isReady: boolean): void {
    this.#isReady = isReady;
    this.#breaker.succeeded();
  }

  succeeded(): void {
    this.#breaker.succeeded();
  }

  failed(how: Failure): void {
    this.#onFailure(how);
    this.#breaker.failed(how);
  }
}
