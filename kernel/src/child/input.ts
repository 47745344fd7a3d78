import type { Reporter } from "./reporter.js";

/** Lines that cells ask of the person in front. */
export class Inputs {
  readonly #reporter: Reporter;
  readonly #waiting = new Map<number, PromiseWithResolver<string>>();
  #next = 1;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /** Asks for a line; rejects where nobody can answer. */
  ask(prompt: string, password: boolean): Promise<string> {
    const id = this.#next++;
    const waiting = withResolver<string>();
    this.#waiting.set(id, waiting);
    this.#reporter.send({ type: "input-request", id, prompt, password });
    return waiting.promise;
  }

  /** Takes the answer. */
  receive(answer: { id: number; value?: string; error?: string }): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.error !== undefined) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.value ?? "");
  }
}

interface PromiseWithResolver<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function withResolver<T>(): PromiseWithResolver<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
