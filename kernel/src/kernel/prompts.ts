import type { Channel } from "../jupyter/channel.js";
import type { Message } from "../jupyter/message.js";
import type { Report } from "../process/messages.js";
import type { Runner } from "./runner.js";

/** Carries a cell's questions to the client that ran it, and the answers back. */
export class Prompts {
  readonly #stdin: Channel;
  readonly #current: () => Message | undefined;
  readonly #waiting: { id: number; asked: Message }[] = [];

  constructor(stdin: Channel, current: () => Message | undefined) {
    this.#stdin = stdin;
    this.#current = current;
  }

  ask({ id, prompt, password }: Extract<Report, { type: "input-request" }>, runner: Runner): void {
    const request = this.#current();
    if (!request || request.content["allow_stdin"] === false) {
      runner.answer(id, { error: "input() needs a front end that can answer, and this one said that it cannot" });
      return;
    }
    const asked = this.#stdin.send("input_request", { prompt, password }, request);
    this.#waiting.push({ id, asked: { ...request, header: asked } });
  }

  /** Takes an answer: to the question that it names, else to the oldest that is open. */
  answer(reply: Message, runner: Runner): void {
    const named = this.#waiting.findIndex(({ asked }) => asked.header.msg_id === reply.parent["msg_id" as never]);
    const [question] = this.#waiting.splice(Math.max(0, named), 1);
    if (question) runner.answer(question.id, { value: String(reply.content["value"] ?? "") });
  }

  /** Forgets the questions of a cell that has ended. */
  clear(): void {
    this.#waiting.length = 0;
  }
}
