import type { Message } from "#src/jupyter/message.js";
import type { Executed } from "./client.js";

/** The content of the outputs of one type. */
export const contents = ({ outputs }: Executed, type: string): Record<string, unknown>[] =>
  outputs.filter(({ header }) => header.msg_type === type).map(({ content }) => content);

/** All text of a stream. */
export const streamed = (executed: Executed, name = "stdout"): string =>
  contents(executed, "stream")
    .filter((content) => content["name"] === name)
    .map((content) => content["text"])
    .join("");

/** The result as plain text. */
export function resultOf(executed: Executed): string | undefined {
  const [result] = contents(executed, "execute_result");
  return (result?.["data"] as Record<string, string> | undefined)?.["text/plain"];
}

/** The name and message of the error, as in the reply. */
export const errorOf = ({ reply }: { reply: Message }): string =>
  `${reply.content["ename"]}: ${reply.content["evalue"]}`;

/** The traceback without its colours. */
export const tracebackOf = ({ reply }: { reply: Message }): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  (reply.content["traceback"] as string[]).join("\n").replace(/\u001b\[\d+m/g, "");
