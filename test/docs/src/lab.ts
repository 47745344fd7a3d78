import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { KernelManager, type KernelMessage, ServerConnection } from "@jupyterlab/services";
import { WebSocket } from "ws";
import { root } from "./pages.js";

/** A server of its own, as the command line starts it. */
export interface Lab {
  readonly url: string;
  readonly token: string;
  /** Runs cells in a new kernel and returns what each printed or came to, or the error it ended with. */
  run(cells: readonly string[]): Promise<string[]>;
  stop(): Promise<void>;
}

/** Starts `architech serve` on a free port with empty folders. */
export async function startLab(): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), "architech-docs-"));
  const serve = ["serve", "--port", "0", "--json", "--root", folder, "--data", folder];
  const server = spawn(process.execPath, [join(root, "server/bin/architech.js"), ...serve], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { url, token } = await readyLine(server);
  const kernels = new KernelManager({
    serverSettings: ServerConnection.makeSettings({
      baseUrl: url,
      wsUrl: url.replace(/^http/, "ws"),
      token,
      appendToken: true,
      WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
      fetch,
      Request,
      Headers,
    }),
  });
  return {
    url,
    token,
    async run(cells) {
      const kernel = await kernels.startNew({ name: "architech" });
      const outputs: string[] = [];
      for (const code of cells) {
        let shown = "";
        const future = kernel.requestExecute({ code, allow_stdin: true });
        future.onIOPub = (message) => {
          shown += textOf(message);
        };
        future.onStdin = ({ header }) =>
          kernel.sendInputReply({ value: "7", status: "ok" }, header as KernelMessage.IHeader<"input_request">);
        await future.done;
        outputs.push(shown.trimEnd());
      }
      await kernel.shutdown();
      return outputs;
    },
    async stop() {
      kernels.dispose();
      const gone = once(server, "exit");
      server.kill("SIGTERM");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how colours are written
const colours = /\u001b\[\d+m/g;

/** What a message shows, as text. */
function textOf({ header, content }: KernelMessage.IIOPubMessage): string {
  switch (header.msg_type) {
    case "stream":
      return (content as KernelMessage.IStreamMsg["content"]).text;
    case "error":
      return `${(content as KernelMessage.IErrorMsg["content"]).traceback.join("\n").replace(colours, "")}\n`;
    case "display_data":
    case "execute_result": {
      const { data } = content as KernelMessage.IDisplayDataMsg["content"];
      const text = data["text/plain"];
      return typeof text === "string" ? `${text}\n` : "";
    }
    default:
      return "";
  }
}

async function readyLine(child: ChildProcess): Promise<{ url: string; token: string }> {
  for await (const line of createInterface({ input: child.stdout! }))
    if (line.startsWith("{")) return JSON.parse(line) as { url: string; token: string };
  throw new Error("the server ended before it was ready");
}
