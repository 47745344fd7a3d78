import assert from "node:assert/strict";
import { ArchitechError } from "@architech/protocol";
import { type StderrLogOptions, stderrLog } from "@architech/server";
import { Token } from "#src/security/token.js";
import { secretsOf } from "#src/stderr-log.js";
import { architech, going } from "./cli/command-line.js";
import { until } from "./cluster/processes.js";
import { freshFolder } from "./folders.js";

/** A log, and its lines. */
function logged(options: StderrLogOptions) {
  const lines: string[] = [];
  const log = stderrLog({ ...options, write: (line) => void lines.push(line) });
  return { log, lines, objects: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("the log", () => {
  it("says what its level lets it, in words for people", () => {
    const { log, lines } = logged({ level: "warn" });
    log.info("nothing");
    log.warn("something", { requestId: "r1", ms: 3 });
    log.error("much", "a reason");
    assert.deepEqual(lines, ["warning: r1 something\n", "error: much: a reason\n"]);
  });

  it("is an object of JSON on each line, with fields, codes and stacks with their causes", () => {
    const { log, lines, objects } = logged({ level: "info", format: "json", role: "runs" });
    log.info("GET / 200", { requestId: "r1", traceId: undefined, ms: 3 });
    const cause = new Error("the disk");
    log.error("it broke", new ArchitechError("storage-failed", "cannot\nwrite", { cause }), { requestId: "r2" });
    log.error("odd", "text");
    for (const line of lines) assert.match(line, /^\{[^\n]*\}\n$/);
    const [request, failure, odd] = objects();
    assert.ok(Math.abs(Date.parse(String(request!["time"])) - Date.now()) < 10_000);
    assert.match(String(request!["instance"]), new RegExp(`:${process.pid}$`));
    const { time: _, instance: __, ...rest } = request!;
    assert.deepEqual(rest, { level: "info", message: "GET / 200", role: "runs", requestId: "r1", ms: 3 });
    assert.deepEqual([failure!["code"], failure!["error"]], ["storage-failed", "cannot\nwrite"]);
    assert.match(String(failure!["stack"]), /stderr-log\.test.*caused by Error: the disk/s);
    assert.equal(odd!["error"], "text");
  });

  it("never has a secret, however it is written", () => {
    const secret = 'q"%/hush hush';
    for (const format of ["text", "json"] as const) {
      const { log, lines } = logged({
        level: "info",
        format,
        secrets: secretsOf(secret, "nats://me:pass%40word@host:4222"),
      });
      log.info(`one ${secret} two`, { path: `/api/${encodeURIComponent(secret)}` });
      log.error("it broke", new Error(`cannot reach nats://me:pass%40word@host: ${secret}`));
      log.info(`GET /api/me?token=${new Token(secret).of("alice")}&a=b`);
      assert.doesNotMatch(lines.join(""), /hush|pass%40word|architech\./);
      assert.match(lines.at(-1)!, /token=…&a=b/);
    }
  });

  it("lets nobody write lines of their own", () => {
    const { log, lines } = logged({ level: "info" });
    log.info("GET /a\nerror: all is lost\u001b[2J");
    assert.deepEqual(lines, ["info: GET /a\\nerror: all is lost\\u001b[2J\n"]);
  });

  it("of a server has a line for each request, with its id, its trace and its code, and never the token", async () => {
    const token = "a token that nobody may read 0123";
    const [root, data] = await Promise.all([freshFolder(), freshFolder()]);
    const server = await going(
      ["serve", "--port", "0", "--root", root, "--data", data, "--token", token, "--log-level", "info"],
      { env: { ARCHITECH_LOG_FORMAT: "json" } },
    );
    const url = String(server.first["url"]);
    const trace = "0af7651916cd43dd8448eb211c80319c";
    const headers = { "x-request-id": "mine", traceparent: `00-${trace}-b7ad6b7169203331-01` };
    await fetch(`${url}api/contents/${encodeURIComponent(token)}?token=${encodeURIComponent(token)}`, { headers });
    await fetch(`${url}api/contents`, { headers: { traceparent: "nonsense" } });
    const lines = () =>
      server
        .said()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    await until(() => lines().length >= 2, "two lines");
    const [missing, refused] = lines();
    const { requestId, traceId, status, code, role, level, method, path } = missing!;
    assert.deepEqual(
      { requestId, traceId, status, code, role, level, method, path },
      {
        requestId: "mine",
        traceId: trace,
        status: 404,
        code: "document-not-found",
        role: "all",
        level: "info",
        method: "GET",
        path: "/api/contents/…",
      },
    );
    assert.ok(Number(missing!["bytes"]) > 100 && Number(missing!["ms"]) >= 0);
    assert.deepEqual([refused!["status"], refused!["code"], refused!["traceId"]], [403, "login-required", undefined]);
    assert.match(String(refused!["requestId"]), /^[0-9a-f-]{36}$/);
    assert.doesNotMatch(server.said(), /nobody may read/);
    await server.end();
  });

  it("says which levels and formats there are", async () => {
    assert.match((await architech(["serve", "--log-level", "loud"])).err, /--log-level loud: error, warn or info is/);
    assert.match(
      (await architech(["worker", "--bus", "nats://x", "--log-format", "xml"])).err,
      /--log-format xml: text or json is expected/,
    );
  });
});
