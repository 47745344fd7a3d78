import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { RunClient, type SocketConstructor } from "@architech/protocol";
import WebSocket from "ws";
import { v1Subprotocol } from "#src/kernels/codec-v1.js";
import { resolveOptions } from "#src/options.js";
import { checkHost, checkOrigin } from "#src/security/hosts.js";
import { freshFolder } from "../folders.js";
import { type Serving, serve, testKernelspecs } from "../serving.js";

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  code: string;
  text: string;
}

describe("security", () => {
  let serving: Serving;
  before(async () => {
    const specs = await testKernelspecs();
    const limits = { body: 10_000, document: 100_000, message: 200_000 };
    serving = await serve({ kernelspecFolders: () => [specs], limits });
  });
  after(() => serving.server.close());

  /** A request with exactly these headers and this target, which fetch would tidy up. */
  const raw = (method: string, path: string, headers: Record<string, string> = {}, body = ""): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { port } = serving.server;
      const host = `127.0.0.1:${port}`;
      const sent = httpRequest({ port, host: "127.0.0.1", method, path, headers: { host, ...headers } }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => {
          const code = text.startsWith("{") ? ((JSON.parse(text) as { code?: string }).code ?? "") : "";
          resolve({ status: response.statusCode ?? 0, headers: response.headers, code, text });
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  const bearer = () => ({ authorization: `Bearer ${serving.server.token}` });

  it("a request without the token, or with another, is refused; the page leads to the login", async () => {
    assert.equal((await raw("GET", "/api/contents")).code, "login-required");
    assert.equal((await raw("GET", "/api/contents", { authorization: "token nonsense" })).status, 403);
    assert.equal((await raw("GET", "/api/contents?token=")).status, 403);
    assert.equal((await raw("GET", "/files/a.txt")).status, 403);
    assert.equal((await raw("POST", "/api/runs", {}, "{}")).status, 403);
    assert.equal((await raw("GET", "/api/runs")).status, 403);
    assert.equal((await raw("DELETE", "/api/runs/any-run-at-all")).status, 403);
    assert.equal((await raw("GET", "/static/lab/main.js")).status, 403);
    const page = await raw("GET", "/lab", { accept: "text/html" });
    assert.equal(page.status, 302);
    assert.equal(page.headers["location"], "/login?next=%2Flab");
    assert.equal((await raw("GET", "/api")).status, 200);
  });

  it("the token counts in the query, as token and as bearer", async () => {
    const { token } = serving.server;
    assert.equal((await raw("GET", `/api/status?token=${token}`)).status, 200);
    assert.equal((await raw("GET", "/api/status", { authorization: `token ${token}` })).status, 200);
    assert.equal((await raw("GET", "/api/status", bearer())).status, 200);
  });

  it("a page opened with the token sets a cookie that does not tell it, and takes it out of the address", async () => {
    const { token, port } = serving.server;
    const answer = await raw("GET", `/lab?reset=1&token=${token}`, { accept: "text/html" });
    assert.equal(answer.status, 302);
    assert.equal(answer.headers["location"], "/lab?reset=1");
    const cookies = answer.headers["set-cookie"] as string[];
    const own = cookies.find((cookie) => cookie.startsWith(`architech-${port}=`)) ?? "";
    assert.match(own, /HttpOnly/);
    assert.match(own, /SameSite=Lax/);
    assert.ok(!own.includes(token));
    assert.equal((await raw("GET", "/api/status", { cookie: own.split(";")[0]! })).status, 200);
    assert.equal((await raw("GET", "/api/status", { cookie: `architech-${port}=0000` })).status, 403);
  });

  it("who comes by cookie must repeat the _xsrf cookie in a header to change anything", async () => {
    const { token } = serving.server;
    const welcome = await raw("GET", `/lab?token=${token}`, { accept: "text/html" });
    const cookies = (welcome.headers["set-cookie"] as string[]).map((cookie) => cookie.split(";")[0]!);
    const cookie = cookies.join("; ");
    const xsrf = cookies.find((pair) => pair.startsWith("_xsrf="))!.slice("_xsrf=".length);
    const post = (headers: Record<string, string>) => raw("POST", "/api/contents", { cookie, ...headers }, "{}");
    assert.equal((await post({})).code, "xsrf-mismatch");
    assert.equal((await post({ "x-xsrftoken": "guess" })).code, "xsrf-mismatch");
    assert.equal((await post({ "x-xsrftoken": xsrf })).status, 201);
    const forged = cookie.replace(xsrf, "short");
    assert.equal((await raw("POST", "/api/contents", { cookie: forged, "x-xsrftoken": "short" }, "{}")).status, 403);
  });

  it("the login page takes the token and leads only to this server's own pages", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const login = (token: string, next: string) =>
      raw("POST", "/login", form, new URLSearchParams({ token, next }).toString());
    const page = await raw("GET", "/login?next=%22%3E%3Cscript%3E");
    assert.ok(!page.text.includes("<script>"));
    assert.equal((await login("wrong", "/lab")).status, 403);
    assert.equal((await login(serving.server.token, "/lab/tree/a")).headers["location"], "/lab/tree/a");
    for (const elsewhere of ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
      assert.equal((await login(serving.server.token, elsewhere)).headers["location"], "/");
  });

  it("a forged Host is refused, with the token too (DNS rebinding)", async () => {
    for (const host of ["evil.example", "evil.example:8888", "127.0.0.1.evil.example", "localhost@evil.example"])
      assert.equal((await raw("GET", "/api/status", { ...bearer(), host })).code, "host-refused");
    const { port } = serving.server;
    for (const host of [`localhost:${port}`, "127.0.0.1", `[::1]:${port}`])
      assert.equal((await raw("GET", "/api/status", { ...bearer(), host })).status, 200);
  });

  it("a foreign Origin is refused, on every path", async () => {
    const { port } = serving.server;
    for (const origin of ["https://evil.example", "null", `http://127.0.0.1:${port + 1}`, `http://localhost:${port}`])
      for (const path of ["/api/status", "/lab", "/api", "/login"])
        assert.equal((await raw("GET", path, { ...bearer(), origin })).code, "origin-refused");
    assert.equal((await raw("GET", "/api/status", { ...bearer(), origin: `http://127.0.0.1:${port}` })).status, 200);
  });

  it("allowed hosts and origins are let in", () => {
    checkHost("lab.example:443", new Set(["lab.example"]));
    checkOrigin("https://lab.example", "127.0.0.1:8888", new Set(["https://lab.example"]));
    checkOrigin(undefined, undefined, new Set());
  });

  it("other machines are served only on demand and with a real token", () => {
    const needed = { documents: serving.server.documents!, data: "" };
    const refused = { code: "remote-refused" };
    assert.throws(() => resolveOptions({ ...needed, ip: "0.0.0.0" }), refused);
    assert.throws(() => resolveOptions({ ...needed, ip: "192.0.2.1", allowRemote: true, token: "short" }), refused);
    assert.throws(() => resolveOptions({ ...needed, ip: "0.0.0.0", allowRemote: true, token: "" }), refused);
    assert.equal(resolveOptions({ ...needed, ip: "0.0.0.0", allowRemote: true }).token.length, 48);
  });

  it("every answer carries the security headers and none tells what it runs on", async () => {
    for (const path of ["/api", "/login", "/nowhere", "/api/status"]) {
      const { headers } = await raw("GET", path);
      assert.match(
        String(headers["content-security-policy"]),
        /script-src 'self' 'unsafe-eval';.*frame-ancestors 'self'/,
      );
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["referrer-policy"], "no-referrer");
      assert.equal(headers["x-powered-by"], undefined);
      assert.equal(headers["access-control-allow-origin"], undefined);
    }
  });

  it("an oversized body is 413, a malformed one 400, and the server goes on", async () => {
    const put = (body: string) => raw("PUT", "/api/contents/a.txt", bearer(), body);
    assert.deepEqual(pick(await put(`{"content":"${"x".repeat(110_000)}"}`)), [413, "body-too-large"]);
    assert.deepEqual(pick(await raw("POST", "/api/sessions", bearer(), "x".repeat(20_000))), [413, "body-too-large"]);
    for (const body of ["{", "[]", '"text"', "null!", "\u0000"])
      assert.deepEqual(pick(await put(body)), [400, "body-malformed"]);
    assert.deepEqual(pick(await put('{"type":"file","format":"text","content":7}')), [400, "document-invalid"]);
    assert.deepEqual(pick(await put('{"type":"file","format":"base64","content":"***"}')), [400, "document-invalid"]);
    assert.deepEqual(pick(await put('{"type":"fifo"}')), [400, "document-invalid"]);
    assert.equal((await raw("GET", "/api/status", bearer())).status, 200);
  });

  it("no path leads out of the root, however it is written", async () => {
    const outside = await freshFolder();
    await writeFile(join(outside, "secret.txt"), "secret");
    await symlink(outside, join(serving.root, "link"));
    await mkdir(join(serving.root, "folder"), { recursive: true });
    const up = [
      "..",
      "%2e%2e",
      ".%2e",
      "..%2f..",
      "%2e%2e%2f%2e%2e%2f",
      "..%5c..",
      "folder/..%2f..%2f..",
      "%2fetc%2f..%2f..",
    ];
    for (const climb of up)
      for (const start of ["/api/contents/", "/files/", "/lab/api/themes/", "/static/lab/", "/lab/tree/"]) {
        const answer = await raw("GET", `${start}${climb}/etc/passwd`, bearer());
        assert.ok(answer.status >= 400, `${start}${climb} answered ${answer.status}`);
        assert.ok(!answer.text.includes("root:"));
      }
    for (const path of ["link", "link/secret.txt"])
      for (const start of ["/api/contents/", "/files/"]) {
        const answer = await raw("GET", `${start}${path}`, bearer());
        assert.deepEqual(pick(answer), [403, "path-refused"]);
      }
    assert.equal((await raw("GET", "/api/contents/a%00b", bearer())).status, 403);
    assert.equal((await raw("GET", "/api/contents/%ZZ", bearer())).status, 400);
    const rename = await raw("PATCH", "/api/contents/folder", bearer(), '{"path":"../elsewhere"}');
    assert.equal(rename.code, "path-refused");
    const copy = await raw("POST", "/api/contents", bearer(), '{"copy_from":"/../../etc/passwd"}');
    assert.equal(copy.code, "path-refused");
    assert.equal(await readFile(join(outside, "secret.txt"), "utf8"), "secret");
  });

  it("settings and workspaces cannot name files elsewhere", async () => {
    for (const id of ["..%2f..%2fetc%2fpasswd", "@a/..:b", "a:..%2fb", "%2e%2e:x"])
      assert.ok((await raw("GET", `/lab/api/settings/${id}`, bearer())).status >= 400);
    const saved = await raw(
      "PUT",
      "/lab/api/workspaces/..%2f..%2fx",
      bearer(),
      '{"data":{},"metadata":{"id":"../../x"}}',
    );
    assert.ok([204, 400].includes(saved.status));
    await assert.rejects(readFile(join(serving.data, "..", "x.jupyterlab-workspace")));
  });

  it("a run goes through the whole server, and a request for one may be larger than other bodies", async () => {
    const point = (n: number) => ({ key: { n }, change: {} });
    const run = {
      version: 1,
      kind: "sweep",
      model: {
        architech: 1,
        nodes: { api: { kind: "service", threads: 1, ops: { get: [{ do: "cpu", time: "8ms" }] } } },
        traffic: { to: "api", rate: "10rps", mix: { get: 1 } },
      },
      points: Array.from({ length: 500 }, (_, n) => point(n)),
      options: { until: "1s", warmup: "0s", runs: 1, seed: 1 },
    };
    const body = JSON.stringify(run);
    assert.ok(body.length > 10_000, "more than this server takes otherwise");
    const started = await raw("POST", "/api/runs", bearer(), body);
    assert.equal(started.status, 201, started.text);
    const { id } = JSON.parse(started.text) as { id: string };
    const { url, token } = serving.server;
    const client = new RunClient({ url, token, WebSocket: WebSocket as unknown as SocketConstructor });
    let frames = 0;
    for await (const _frame of client.stream(id)) frames++;
    assert.equal((await client.get(id)).frames, frames);
    assert.deepEqual(pick(await raw("POST", "/api/runs", bearer(), "x".repeat(9 << 20))), [413, "body-too-large"]);
  });

  describe("WebSockets", () => {
    let id: string;
    before(async () => {
      id = (await serving.json<{ id: string }>("POST", "api/kernels", { name: "echo" })).id;
    });
    const url = (path: string) => `${serving.server.url.replace("http", "ws")}${path}`;
    const refusal = async (path: string, headers: Record<string, string>): Promise<number> => {
      const socket = new WebSocket(url(path), { headers });
      socket.on("error", () => undefined);
      const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
      socket.terminate();
      return response.statusCode;
    };
    const channels = () => `api/kernels/${id}/channels`;

    it("a handshake without the token, from elsewhere or to nowhere is refused", async () => {
      assert.equal(await refusal(channels(), {}), 403);
      assert.equal(await refusal("api/events/subscribe", {}), 403);
      assert.equal(await refusal("api/runs/any-run-at-all/stream", {}), 403);
      assert.equal(
        await refusal("api/runs/any-run-at-all/stream", { ...bearer(), origin: "https://evil.example" }),
        403,
      );
      assert.equal(await refusal(channels(), { ...bearer(), origin: "https://evil.example" }), 403);
      assert.equal(await refusal(channels(), { ...bearer(), host: "evil.example" }), 403);
      assert.equal(await refusal("api/kernels/none/channels", bearer()), 404);
      assert.equal(await refusal("nowhere", bearer()), 404);
      assert.equal(await refusal("api/runs/none/stream", bearer()), 404);
      assert.equal(await refusal("api/runs/%E0%A4%A/stream", bearer()), 400);
    });

    it("a hostile frame closes its own socket with a code, and no other", async () => {
      const open = async (protocols: string[] = []) => {
        const socket = new WebSocket(url(channels()), protocols, { headers: bearer() });
        await once(socket, "open");
        return socket;
      };
      const bystander = await open();
      const closing = async (protocols: string[], frame: string | Buffer) => {
        const socket = await open(protocols);
        socket.on("error", () => undefined);
        socket.send(frame);
        const [code, reason] = (await once(socket, "close")) as [number, Buffer];
        return `${code} ${reason.toString().split(":")[0]}`;
      };
      const offsets = (...numbers: number[]) => {
        const frame = Buffer.alloc(numbers.length * 8);
        for (const [index, value] of numbers.entries()) frame.writeBigUInt64LE(BigInt(value), index * 8);
        return frame;
      };
      const hostile: [string[], string | Buffer][] = [
        [[], "not json"],
        [[], "7"],
        [[], '{"header":{},"channel":"nowhere"}'],
        [[], '{"header":{},"channel":"iopub"}'],
        [[], Buffer.from([255, 255, 255, 255])],
        [[], Buffer.from([0, 0, 0, 1, 0, 0, 255, 255])],
        [[], Buffer.alloc(0)],
        [[v1Subprotocol], "text"],
        [[v1Subprotocol], Buffer.from("garbage")],
        [[v1Subprotocol], offsets(6, 56, 10, 20, 30, 40, 50)],
        [[v1Subprotocol], offsets(6, 56, 5000, 6000, 7000, 8000, 9000)],
        [[v1Subprotocol], Buffer.alloc(64, 255)],
      ];
      for (const [protocols, frame] of hostile) assert.equal(await closing(protocols, frame), "1007 bad-frame");
      assert.match(await closing([], "x".repeat(300_000)), /^1009 /);

      // Bytes that are no WebSocket frame at all.
      const stream = connect(serving.server.port, "127.0.0.1");
      stream.write(
        `GET /${channels()} HTTP/1.1\r\nHost: 127.0.0.1:${serving.server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Key: ${Buffer.alloc(16).toString("base64")}\r\nSec-WebSocket-Version: 13\r\nAuthorization: token ${serving.server.token}\r\n\r\n`,
      );
      await once(stream, "data");
      stream.write(Buffer.alloc(32, 0xff));
      await once(stream, "close");

      assert.equal(bystander.readyState, WebSocket.OPEN);
      const pong = once(bystander, "pong");
      bystander.ping();
      await pong;
      bystander.close();
    });

    it("half a handshake, or none, keeps nobody waiting", async () => {
      const stream = connect(serving.server.port, "127.0.0.1");
      stream.write("GET /api HTTP/1.1\r\nHost: 127.0");
      const garbage = connect(serving.server.port, "127.0.0.1");
      garbage.write("\u0000\u0001\u0002\r\n\r\n");
      const [answer] = (await once(garbage, "data")) as [Buffer];
      assert.match(answer.toString(), /^HTTP\/1\.1 400/);
      assert.equal((await raw("GET", "/api")).status, 200);
      stream.destroy();
    });
  });
});

function pick({ status, code }: Answer): [number, string] {
  return [status, code];
}
