import type { Answer, Responder, Subscription } from "../bus.js";
import { checkKey, checkPattern, checkSize } from "../names.js";
import { NoticeBuffer } from "../notice-buffer.js";
import { defaultRequestMs, noResponder, requestTimeout } from "../request-errors.js";

/** Requests and notices within one process. */
export class LocalSubjects {
  readonly #answers = new Map<string, Answer[]>();
  readonly #listeners = new Map<NoticeBuffer, string[]>();

  async request(subject: string, bytes: Uint8Array, timeoutMs: number = defaultRequestMs): Promise<Uint8Array> {
    checkKey("a subject", subject);
    checkSize(`a request to ${subject}`, bytes);
    const answers = this.#answers.get(subject);
    const answer = answers?.shift();
    if (answers === undefined || answer === undefined) throw noResponder(subject);
    // To the back, so that each has its turn.
    answers.push(answer);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(requestTimeout(subject, timeoutMs)), timeoutMs);
    });
    const answered = Promise.resolve(bytes.slice())
      .then(answer)
      .then((reply) => {
        checkSize(`the answer of ${subject}`, reply);
        return reply.slice();
      });
    return Promise.race([answered, late]).finally(() => clearTimeout(timer));
  }

  respond(subject: string, answer: Answer): Responder {
    checkKey("a subject", subject);
    const own: Answer = (bytes) => answer(bytes);
    const answers = this.#answers.get(subject) ?? [];
    this.#answers.set(subject, answers);
    answers.push(own);
    return {
      close: async () => {
        const place = answers.indexOf(own);
        if (place >= 0) answers.splice(place, 1);
        if (answers.length === 0 && this.#answers.get(subject) === answers) this.#answers.delete(subject);
      },
    };
  }

  publish(subject: string, bytes: Uint8Array): void {
    checkKey("a subject", subject);
    checkSize(`a notice of ${subject}`, bytes);
    const names = subject.split(".");
    for (const [buffer, pattern] of this.#listeners)
      if (matches(pattern, names)) buffer.push({ subject, bytes: bytes.slice() });
  }

  subscribe(pattern: string): Subscription {
    checkPattern(pattern);
    const buffer = new NoticeBuffer(() => this.#listeners.delete(buffer));
    this.#listeners.set(buffer, pattern.split("."));
    return buffer;
  }

  close(): void {
    for (const buffer of [...this.#listeners.keys()]) buffer.close();
    this.#answers.clear();
  }
}

function matches(pattern: readonly string[], names: readonly string[]): boolean {
  return pattern.length === names.length && pattern.every((name, i) => name === "*" || name === names[i]);
}
