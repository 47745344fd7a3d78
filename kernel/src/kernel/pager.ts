import type { ConverterThread } from "../converter/converter-thread.js";
import { inspect } from "./questions.js";

const question = /^\s*([\p{ID_Continue}$.]+)\?{1,2}\s*$/u;

/** `name?` asks what is known of a name, as consoles of Jupyter do; it is no TypeScript, so nothing is lost. */
export async function pageFor(converter: ConverterThread, code: string): Promise<Record<string, unknown> | undefined> {
  const name = question.exec(code)?.[1];
  if (name === undefined) return undefined;
  const { found, data } = await inspect(converter, { code: name });
  return { source: "page", start: 0, data: found === true ? data : { "text/plain": `nothing is known of ${name}` } };
}
