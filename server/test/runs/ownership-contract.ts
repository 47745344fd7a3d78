import assert from "node:assert/strict";
import { once } from "node:events";
import {
  ArchitechError,
  controlKind,
  decodeServerMessage,
  encodeControl,
  RunClient,
  type RunRequest,
  type SocketConstructor,
} from "@architech/protocol";
import { WebSocket } from "ws";
import { Token } from "#src/security/token.js";
import { until } from "../cluster/processes.js";
import { allBytes, request } from "./host.js";

/** A server, or the entry of a cluster, behind a proxy that says who asks in `x-forwarded-user`. */
export interface Entry {
  readonly url: string;
  /** The server's token, which the proxy shows. */
  readonly token: string;
}

/** What the proxy sends for a user. */
export function proxied({ token }: Entry, user: string): Record<string, string> {
  return { authorization: `token ${token}`, "x-forwarded-user": user };
}

/** A client with the own token of a user, as a kernel has it. */
export function clientOf({ url, token }: Entry, user: string): RunClient {
  return new RunClient({
    url,
    token: new Token(token).of(user),
    WebSocket: WebSocket as unknown as SocketConstructor,
  });
}

/** With which status a handshake is answered; 101 where it is taken. */
export async function handshake(
  url: string,
  path: string,
  headers: Record<string, string>,
  ca?: string,
): Promise<number> {
  const socket = new WebSocket(new URL(path, url.replace("http", "ws")), { headers, ca });
  socket.on("error", () => undefined);
  const status = await Promise.race([
    once(socket, "open").then(() => 101),
    once(socket, "unexpected-response").then(([, answer]) => (answer as { statusCode: number }).statusCode),
  ]);
  socket.terminate();
  return status;
}

/** What the server is told with `--keep-runs`. */
export const keptOfUser = 8;

/** A run that would take hours. */
const endless = { until: "1000h", every: "1h" };

/** Whose runs are, and what others have of them, wherever they are simulated. */
export function ownershipContract(entry: () => Entry): void {
  const answer = async (user: string, method: string, path: string, body?: unknown): Promise<[number, string]> => {
    const response = await fetch(new URL(path, entry().url), {
      method,
      headers: proxied(entry(), user),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return [response.status, text === "" ? "" : ((JSON.parse(text) as { code?: string }).code ?? "")];
  };
  const listed = async (user: string): Promise<string[]> => (await clientOf(entry(), user).list()).map((run) => run.id);
  const refused = (code: string) => (error: unknown) => error instanceof ArchitechError && error.code === code;

  it("another's run is not there, whatever is asked of it, and goes on", async () => {
    const alice = clientOf(entry(), "alice");
    const { id } = await alice.start(request(endless));
    assert.deepEqual(await answer("bob", "GET", `api/runs/${id}`), [404, "run-not-found"]);
    assert.deepEqual(await answer("bob", "POST", `api/runs/${id}/cancel`), [404, "run-not-found"]);
    assert.deepEqual(await answer("bob", "DELETE", `api/runs/${id}`), [404, "run-not-found"]);
    assert.equal(await handshake(entry().url, `api/runs/${id}/stream`, proxied(entry(), "bob")), 404);
    await assert.rejects(clientOf(entry(), "bob").cancel(id), refused("run-not-found"));
    assert.deepEqual([(await listed("alice")).includes(id), (await listed("bob")).includes(id)], [true, false]);
    assert.match((await alice.get(id)).state, /queued|running/);
    assert.deepEqual(await answer("alice", "GET", `api/runs/${id}`), [200, ""], "through the proxy it is alice's too");

    // A socket stops what is its user's.
    const stream = new WebSocket(new URL(`api/runs/${id}/stream`, entry().url.replace("http", "ws")), {
      headers: proxied(entry(), "alice"),
    });
    await once(stream, "message");
    stream.send(encodeControl({ type: "cancel" }));
    const ends: string[] = [];
    stream.on("message", (data: Buffer) => {
      const message = data[0] === controlKind ? decodeServerMessage(data) : undefined;
      if (message?.type === "end") ends.push(message.state);
    });
    await once(stream, "close");
    assert.deepEqual(ends, ["cancelled"]);
    assert.deepEqual(await answer("alice", "DELETE", `api/runs/${id}`), [204, ""]);
  });

  it("the id of another's run is taken, by the same request too, and what runs stays what it was", async () => {
    const [alice, id] = [clientOf(entry(), "alice"), "the-id-of-alice"];
    const wanted: RunRequest = { ...request({ until: "3min", seed: 31 }), id };
    const other: RunRequest = { ...request({ until: "3min", seed: 32 }), id };
    const start = (user: string, run: RunRequest) => answer(user, "POST", "api/runs", run);
    const first = alice.start(wanted);
    // Also before it has begun, from whichever side.
    await Promise.all([first, first.then(() => start("bob", wanted)), first.then(() => start("bob", other))]);
    assert.deepEqual(await start("bob", wanted), [409, "run-exists"]);
    assert.deepEqual(await start("bob", other), [409, "run-exists"]);
    assert.deepEqual(await start("alice", wanted), [201, ""]);
    const bytes = await allBytes(alice.stream(id));
    assert.deepEqual(
      await start("bob", wanted),
      [409, "run-exists"],
      "the rows are known now, and the id is taken still",
    );
    const again = await alice.start({ ...request({ until: "3min", seed: 31, cache: false }) });
    assert.deepEqual(await allBytes(alice.stream(again.id)), bytes, "the rows are those of alice's request");
    assert.deepEqual(await listed("bob"), []);
  });

  it("rows that are known are everybody's who has the request, as a run of one's own", async () => {
    const [alice, bob] = [clientOf(entry(), "alice"), clientOf(entry(), "bob")];
    const first = await alice.start(request({ seed: 33 }));
    const bytes = await allBytes(alice.stream(first.id));
    const second = await bob.start(request({ seed: 33 }));
    assert.deepEqual([first.cached, second.cached, second.state], [false, true, "done"]);
    assert.deepEqual(await allBytes(bob.stream(second.id)), bytes);
    await assert.rejects(alice.get(second.id), refused("run-not-found"));
    await assert.rejects(bob.get(first.id), refused("run-not-found"));
    await bob.delete(second.id);
    assert.deepEqual(await allBytes(alice.stream(first.id)), bytes, "bob has taken only bob's away");
    const third = await bob.start(request({ seed: 33 }));
    await alice.delete(first.id);
    assert.deepEqual(await allBytes(bob.stream(third.id)), bytes, "alice has taken only alice's away");
    assert.deepEqual(
      [(await listed("bob")).includes(third.id), (await listed("alice")).includes(first.id)],
      [true, false],
    );
    await bob.delete(third.id);
  });

  it("who has more runs than are kept loses the own oldest, and nobody else's", async () => {
    const [grace, heidi] = [clientOf(entry(), "grace"), clientOf(entry(), "heidi")];
    const { id } = await grace.start(request({ until: "20s", seed: 70 }));
    const before = await allBytes(grace.stream(id));
    const ids: string[] = [];
    for (let seed = 71; seed < 71 + keptOfUser + 3; seed++) {
      const run = await heidi.start(request({ until: "20s", seed }));
      await allBytes(heidi.stream(run.id));
      ids.push(run.id);
    }
    await until(async () => (await listed("heidi")).length === keptOfUser, "as many are kept as may be");
    assert.deepEqual((await listed("heidi")).sort(), ids.slice(3).sort());
    assert.deepEqual(await listed("grace"), [id]);
    assert.deepEqual(await allBytes(grace.stream(id)), before);
  });

  it("who has proved to be a user is nobody else, whatever a header says", async () => {
    const { url, token } = entry();
    const me = async (headers: Record<string, string>): Promise<[number, string | undefined]> => {
      const response = await fetch(new URL("api/me", url), { headers });
      const { identity } = (await response.json()) as { identity?: { username: string } };
      return [response.status, identity?.username];
    };
    const own = new Token(token).of("alice");
    assert.deepEqual(await me(proxied(entry(), "bob")), [200, "bob"]);
    assert.deepEqual(await me({ authorization: `token ${own}` }), [200, "alice"]);
    const forged = { "x-forwarded-user": "bob", "x-architech-user": "bob" };
    assert.deepEqual(await me({ authorization: `token ${own}`, ...forged }), [200, "alice"]);
    assert.deepEqual(await me({ ...proxied(entry(), "alice"), "x-architech-user": "bob" }), [200, "alice"]);
    assert.deepEqual(await me({ authorization: `token ${new Token("another token").of("alice")}` }), [403, undefined]);
    const [, name] = new Token(token).of("bob").split(".");
    const bobs = own.replace(/\..+\./, `.${name}.`);
    assert.deepEqual(
      await me({ authorization: `token ${new Token(token).cookieOf("alice")}` }),
      [403, undefined],
      "a cookie",
    );
    assert.deepEqual(
      await me({ authorization: `token ${bobs}` }),
      [403, undefined],
      "the name of one, the proof of another",
    );
    assert.deepEqual(await me({ ...forged }), [403, undefined], "a header alone");
  });

  it("without a name, or with what is none, nothing is done and nobody else is meant", async () => {
    const { url, token } = entry();
    const proof = { authorization: `token ${token}` };
    const names = ["", " ", "a b", "alice,bob", "alice, bob", "<script>", "ä", "a".repeat(129), "'alice'"];
    for (const headers of [{}, ...names.map((name) => ({ "x-forwarded-user": name }))]) {
      for (const [method, path] of [
        ["GET", "api/runs"],
        ["POST", "api/runs"],
        ["GET", "api/contents"],
        ["GET", "lab"],
      ] as const) {
        const response = await fetch(new URL(path, url), { method, headers: { ...proof, ...headers } });
        const { code } = (await response.json()) as { code: string };
        assert.deepEqual(
          [response.status, code],
          [403, "user-refused"],
          `${method} ${path} ${JSON.stringify(headers)}`,
        );
      }
      assert.equal(await handshake(url, "api/events/subscribe", { ...proof, ...headers }), 403);
    }
    for (const name of ["alice@example.org", "auth0|5f7c8ec7", "CiQwOGE4Njg0Yg==", "a+b@x.y", "keycloak:1/2"])
      assert.equal(await handshake(url, "api/events/subscribe", proxied(entry(), name)), 101, name);
    assert.equal((await fetch(new URL("metrics", url), { headers: proof })).status, 200, "who watches is no user");
  });
}
