import type { Message } from "../jupyter/message.js";
import type { CommMessage } from "../process/messages.js";

/** A comm message of a client as the process of the cells understands it. */
export function commOf({ header, content, buffers }: Message): CommMessage {
  const id = String(content["comm_id"]);
  const data = content["data"] ?? {};
  if (header.msg_type === "comm_open")
    return { type: "comm-open", id, target: String(content["target_name"]), data, buffers };
  return { type: header.msg_type === "comm_close" ? "comm-close" : "comm-message", id, data, buffers };
}

/** The open comms, of one target or of all. */
export function commInfo(comms: ReadonlyMap<string, string>, target: unknown): Record<string, unknown> {
  const open = [...comms].filter(([, name]) => typeof target !== "string" || name === target);
  return { status: "ok", comms: Object.fromEntries(open.map(([id, target_name]) => [id, { target_name }])) };
}
