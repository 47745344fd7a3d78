import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type { Documents } from "#src/contents/documents.js";

/** What every store of documents must do, whatever it is made of. `open` gives an empty one. */
export function documentsContract(open: () => Promise<Documents>): void {
  let documents: Documents;
  beforeEach(async () => {
    documents = await open();
  });
  afterEach(() => documents.close());

  const text = async (path: string) => (await buffer((await documents.read(path)).bytes)).toString();
  const write = (path: string, content: string) => documents.write(path, Buffer.from(content));
  const names = async (folder: string) => (await documents.list(folder)).map(({ path }) => path);
  const failing = (code: string) => (error: { code?: string }) => error.code === code;

  it("write() makes a file that read() returns with its size", async () => {
    const entry = await write("a.txt", "héllo");
    assert.equal(entry.size, 6);
    assert.equal(entry.kind, "file");
    assert.equal(await text("a.txt"), "héllo");
    assert.equal((await documents.read("a.txt")).entry.version, entry.version);
  });

  it("an empty file is a file", async () => {
    await write("empty", "");
    assert.equal(await text("empty"), "");
  });

  it("write() replaces a file whole, keeps its birth and changes its version", async () => {
    const before = await write("a.txt", "first, and longer");
    const after = await write("a.txt", "second");
    assert.equal(await text("a.txt"), "second");
    assert.notEqual(after.version, before.version);
    assert.equal((await documents.stat("a.txt")).size, 6);
  });

  it("write() takes a stream, of many megabytes too", async () => {
    const chunk = randomBytes(1 << 20);
    const source = (async function* () {
      for (let i = 0; i < 18; i++) yield chunk;
    })();
    const entry = await documents.write("large.bin", source);
    assert.equal(entry.size, 18 << 20);
    let read = 0;
    for await (const part of (await documents.read("large.bin")).bytes) {
      assert.ok(Buffer.from(part).equals(wrapped(chunk, read, part.length)));
      read += part.length;
    }
    assert.equal(read, 18 << 20);
    await write("large.bin", "small now");
    assert.equal(await text("large.bin"), "small now");
  });

  it("a stream that fails leaves the old file as it was, and nothing beside it", async () => {
    await write("a.txt", "old");
    const source = (async function* () {
      yield Buffer.alloc(3 << 20);
      throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
    })();
    await assert.rejects(documents.write("a.txt", source), failing("ENOSPC"));
    assert.equal(await text("a.txt"), "old");
    assert.deepEqual(await names(""), ["a.txt"]);
  });

  it("write() with a version refuses once somebody else has written", async () => {
    const { version } = await write("a.txt", "mine");
    await write("a.txt", "theirs");
    await assert.rejects(documents.write("a.txt", Buffer.from("late"), { version }), failing("document-changed"));
    assert.equal(await text("a.txt"), "theirs");
    const now = await documents.stat("a.txt");
    await documents.write("a.txt", Buffer.from("in time"), { version: now.version });
    assert.equal(await text("a.txt"), "in time");
  });

  it("of many that replace one version only one succeeds", async () => {
    for (let round = 0; round < 5; round++) {
      const { version } = await write("a.txt", `round ${round}`);
      const writers = Array.from({ length: 16 }, (_, i) => documents.write("a.txt", Buffer.from(`w${i}`), { version }));
      const results = await Promise.allSettled(writers);
      const won = results.flatMap((result, i) => (result.status === "fulfilled" ? [i] : []));
      assert.equal(won.length, 1);
      assert.equal(await text("a.txt"), `w${won[0]}`);
    }
  });

  it("write() with fresh refuses a name that is taken, also among many at once", async () => {
    const writers = Array.from({ length: 8 }, (_, i) =>
      documents.write("new.txt", Buffer.from(`${i}`), { fresh: true }),
    );
    const results = await Promise.allSettled(writers);
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
    await assert.rejects(documents.write("new.txt", Buffer.from("x"), { fresh: true }), failing("document-exists"));
  });

  it("many writes at once without a version leave one of them, whole", async () => {
    const contents = Array.from({ length: 10 }, (_, i) => String(i).repeat(50_000));
    await Promise.all(contents.map((content) => write("a.txt", content)));
    assert.ok(contents.includes(await text("a.txt")));
  });

  it("what is not there is document-not-found, wherever it is asked for", async () => {
    await assert.rejects(documents.stat("no.txt"), failing("document-not-found"));
    await assert.rejects(documents.read("no.txt"), failing("document-not-found"));
    await assert.rejects(documents.list("no"), failing("document-not-found"));
    await assert.rejects(write("no/a.txt", ""), failing("document-not-found"));
    await assert.rejects(documents.remove("no.txt"), failing("document-not-found"));
    await assert.rejects(documents.move("no.txt", "yes.txt"), failing("document-not-found"));
    await assert.rejects(documents.makeFolder("no/folder"), failing("document-not-found"));
    await assert.rejects(documents.checkpoints.create("no.txt"), failing("document-not-found"));
  });

  it("list() gives a folder's entries by name, of that folder only", async () => {
    await documents.makeFolder("sub");
    await documents.makeFolder("sub/deep");
    await write("sub/b.txt", "b");
    await write("sub/a.txt", "a");
    await write("top.txt", "t");
    assert.deepEqual(await names(""), ["sub", "top.txt"]);
    assert.deepEqual(await names("sub"), ["sub/a.txt", "sub/b.txt", "sub/deep"]);
    assert.deepEqual(
      (await documents.list("sub")).map(({ kind }) => kind),
      ["file", "file", "folder"],
    );
  });

  it("a file is no folder and a folder no file", async () => {
    await write("a.txt", "a");
    await documents.makeFolder("f");
    await assert.rejects(documents.list("a.txt"), failing("document-invalid"));
    await assert.rejects(documents.read("f"), failing("document-invalid"));
    await assert.rejects(documents.read(""), failing("document-invalid"));
    await assert.rejects(write("f", "x"), failing("document-exists"));
    await assert.rejects(documents.makeFolder("a.txt"), failing("document-exists"));
    await assert.rejects(documents.makeFolder("f"), failing("document-exists"));
  });

  it("the root is there, and can be neither written, moved nor removed", async () => {
    assert.equal((await documents.stat("")).kind, "folder");
    await assert.rejects(write("", "x"), failing("document-exists"));
    await assert.rejects(documents.move("", "x"), failing("document-invalid"));
    await assert.rejects(documents.remove(""), failing("document-invalid"));
  });

  it("names may hold spaces, quotes, percent signs, dots, umlauts and dollars", async () => {
    const odd = ["a b.txt", "100%.txt", "ä'\"$where.txt", "...a..b", "$set", "日本.ipynb", "#x?y&z"].filter(
      (name) => !name.startsWith("."),
    );
    for (const name of odd) await write(name, name);
    for (const name of odd) assert.equal(await text(name), name);
    assert.deepEqual(new Set(await names("")), new Set(odd));
  });

  it("hidden files are neither listed nor served nor written", async () => {
    await assert.rejects(documents.stat(".hidden"), failing("document-not-found"));
    await assert.rejects(documents.list(".git"), failing("document-not-found"));
    await assert.rejects(write(".bashrc", "x"), failing("document-not-found"));
    await assert.rejects(documents.makeFolder(".ssh"), failing("document-not-found"));
    await write("a.txt", "a");
    await assert.rejects(documents.move("a.txt", ".a.txt"), failing("document-not-found"));
  });

  it("move() renames a file, and refuses a name that is taken", async () => {
    await write("a.txt", "a");
    await write("b.txt", "b");
    await assert.rejects(documents.move("a.txt", "b.txt"), failing("document-exists"));
    assert.equal((await documents.move("a.txt", "c.txt")).path, "c.txt");
    assert.deepEqual(await names(""), ["b.txt", "c.txt"]);
    assert.equal(await text("c.txt"), "a");
    assert.equal((await documents.move("c.txt", "c.txt")).path, "c.txt");
  });

  it("move() takes a folder with all in it elsewhere, but not into itself", async () => {
    await documents.makeFolder("from");
    await documents.makeFolder("from/deep");
    await write("from/deep/a.txt", "a");
    await documents.makeFolder("to");
    await assert.rejects(documents.move("from", "from/deep/x"), failing("document-invalid"));
    await assert.rejects(documents.move("from", "to"), failing("document-exists"));
    await documents.move("from", "to/here");
    assert.equal(await text("to/here/deep/a.txt"), "a");
    assert.deepEqual(await names(""), ["to"]);
    await documents.move("to", "together");
    assert.equal(await text("together/here/deep/a.txt"), "a");
  });

  it("remove() takes a file, or a folder with all in it", async () => {
    await documents.makeFolder("f");
    await documents.makeFolder("f/deep");
    await write("f/deep/a.txt", "a");
    await write("b.txt", "b");
    await documents.remove("f");
    await documents.remove("b.txt");
    assert.deepEqual(await names(""), []);
    await assert.rejects(documents.stat("f/deep/a.txt"), failing("document-not-found"));
  });

  it("a checkpoint keeps a state that restore() brings back", async () => {
    await write("a.txt", "kept");
    assert.deepEqual(await documents.checkpoints.list("a.txt"), []);
    const checkpoint = await documents.checkpoints.create("a.txt");
    await write("a.txt", "changed");
    assert.deepEqual(
      (await documents.checkpoints.list("a.txt")).map(({ id }) => id),
      [checkpoint.id],
    );
    await documents.checkpoints.restore("a.txt", checkpoint.id);
    assert.equal(await text("a.txt"), "kept");
  });

  it("a new checkpoint takes the old one's place; a removed one is gone", async () => {
    await write("a.txt", "one");
    await documents.checkpoints.create("a.txt");
    await write("a.txt", "two");
    const { id } = await documents.checkpoints.create("a.txt");
    assert.equal((await documents.checkpoints.list("a.txt")).length, 1);
    await write("a.txt", "three");
    await documents.checkpoints.restore("a.txt", id);
    assert.equal(await text("a.txt"), "two");
    await documents.checkpoints.remove("a.txt", id);
    assert.deepEqual(await documents.checkpoints.list("a.txt"), []);
    await assert.rejects(documents.checkpoints.restore("a.txt", id), failing("document-not-found"));
    await assert.rejects(documents.checkpoints.remove("a.txt", "../../etc/passwd"), failing("document-not-found"));
  });

  it("a checkpoint follows its file, and goes with it", async () => {
    await documents.makeFolder("f");
    await write("a.txt", "kept");
    const { id } = await documents.checkpoints.create("a.txt");
    await documents.move("a.txt", "f/b.txt");
    await write("f/b.txt", "changed");
    await documents.checkpoints.restore("f/b.txt", id);
    assert.equal(await text("f/b.txt"), "kept");
    await documents.remove("f/b.txt");
    await write("f/b.txt", "another");
    assert.deepEqual(await documents.checkpoints.list("f/b.txt"), []);
    await documents.remove("f/b.txt");
    await documents.remove("f");
    assert.deepEqual(await names(""), []);
  });

  it("large checkpoints come back whole", async () => {
    const bytes = randomBytes(3 << 20);
    await documents.write("large.bin", bytes);
    const { id } = await documents.checkpoints.create("large.bin");
    await write("large.bin", "small");
    await documents.checkpoints.restore("large.bin", id);
    const read = await buffer((await documents.read("large.bin")).bytes);
    assert.ok(read.equals(bytes));
  });
}

/** Bytes `from … from + length` of a pattern repeated without end. */
function wrapped(pattern: Buffer, from: number, length: number): Buffer {
  const start = from % pattern.length;
  const copies = Math.ceil((start + length) / pattern.length);
  return Buffer.concat(Array.from({ length: copies }, () => pattern)).subarray(start, start + length);
}
