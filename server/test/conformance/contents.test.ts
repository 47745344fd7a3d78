import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Contents } from "@jupyterlab/services";
import { type Serving, serve } from "../serving.js";
import { quietly, services, settingsOf } from "./services.js";

describe("the lab's client and documents", () => {
  let serving: Serving;
  let quiet: { restore(): void };
  let contents: InstanceType<typeof services.ContentsManager>;
  before(async () => {
    quiet = quietly();
    serving = await serve();
    contents = new services.ContentsManager({ serverSettings: settingsOf(serving) });
  });
  after(async () => {
    contents.dispose();
    await serving.server.close();
    quiet.restore();
  });

  const cell = (source: string) => ({
    cell_type: "code",
    id: "a1",
    source,
    metadata: {},
    outputs: [{ output_type: "stream", name: "stdout", text: "one\ntwo\n" }],
    execution_count: 1,
  });
  const notebook = (source: string) => ({ cells: [cell(source)], metadata: {}, nbformat: 4, nbformat_minor: 5 });
  const saveNotebook = (path: string, source: string) =>
    contents.save(path, { type: "notebook", format: "json", content: notebook(source) });
  const sourceOf = ({ content }: Contents.IModel) => (content as ReturnType<typeof notebook>).cells[0]?.source;

  it("new documents get free names; folders list what is in them", async () => {
    const folder = await contents.newUntitled({ type: "directory" });
    assert.equal(folder.path, "Untitled Folder");
    for (const name of ["Untitled.ipynb", "Untitled1.ipynb"])
      assert.equal(
        (await contents.newUntitled({ type: "notebook", path: folder.path })).path,
        `${folder.path}/${name}`,
      );
    const text = await contents.newUntitled({ type: "file", ext: ".arch.json", path: folder.path });
    assert.equal(text.name, "untitled.arch.json");
    const { content } = await contents.get(folder.path);
    assert.deepEqual(
      (content as Contents.IModel[]).map(({ name, type }) => [name, type]),
      [
        ["Untitled.ipynb", "notebook"],
        ["Untitled1.ipynb", "notebook"],
        ["untitled.arch.json", "file"],
      ],
    );
  });

  it("a notebook is saved with its lines apart, and comes back as it was", async () => {
    await saveNotebook("saved.ipynb", "const a = 1;\na + 1");
    const model = await contents.get("saved.ipynb");
    assert.equal(sourceOf(model), "const a = 1;\na + 1");
    const file = await readFile(join(serving.root, "saved.ipynb"), "utf8");
    assert.match(file, /"source": \[\n {4}"const a = 1;\\n",\n {4}"a \+ 1"\n/);
    assert.ok(!file.includes("trusted"));
  });

  it("text and binary files come back as they were", async () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    await contents.save("b.bin", { type: "file", format: "base64", content: bytes.toString("base64") });
    await contents.save("t.ts", { type: "file", format: "text", content: "const ü = 1;\r\n" });
    const binary = await contents.get("b.bin");
    assert.deepEqual([binary.format, Buffer.from(String(binary.content), "base64")], ["base64", bytes]);
    const text = await contents.get("t.ts");
    assert.deepEqual([text.content, text.mimetype], ["const ü = 1;\r\n", "text/x-typescript"]);
    const url = await contents.getDownloadUrl("b.bin");
    const response = await serving.request("GET", new URL(url).pathname);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
  });

  it("a large file in chunks is whole once the last has come", async () => {
    const chunks = ["one,", "two,", "three"];
    for (const [index, content] of chunks.entries())
      await contents.save("large.txt", {
        type: "file",
        format: "text",
        content,
        chunk: index === chunks.length - 1 ? -1 : index + 1,
      } as Partial<Contents.IModel>);
    assert.equal((await contents.get("large.txt")).content, "one,two,three");
  });

  it("checkpoints: made, listed, restored, removed", async () => {
    await saveNotebook("kept.ipynb", "kept");
    const { id } = await contents.createCheckpoint("kept.ipynb");
    await saveNotebook("kept.ipynb", "changed");
    assert.deepEqual(
      (await contents.listCheckpoints("kept.ipynb")).map((checkpoint) => checkpoint.id),
      [id],
    );
    await contents.restoreCheckpoint("kept.ipynb", id);
    assert.equal(sourceOf(await contents.get("kept.ipynb")), "kept");
    await contents.deleteCheckpoint("kept.ipynb", id);
    assert.deepEqual(await contents.listCheckpoints("kept.ipynb"), []);
  });

  it("copies, renames and removes", async () => {
    await contents.save("a.md", { type: "file", format: "text", content: "a" });
    assert.equal((await contents.copy("a.md", "")).path, "a-Copy1.md");
    await assert.rejects(contents.rename("a.md", "a-Copy1.md"), /409|exists/);
    assert.equal((await contents.rename("a.md", "b.md")).path, "b.md");
    await contents.delete("b.md");
    await assert.rejects(contents.get("b.md"), /404|no document/);
  });

  it("a corrupt notebook is told with its file and the place, and stays on the disk as it is", async () => {
    const whole = JSON.stringify(notebook("x"));
    const corrupt: [string, RegExp][] = [
      [whole.slice(0, whole.length / 2), /"broken\.ipynb" is not a notebook: .*JSON/],
      ["", /"broken\.ipynb" is not a notebook: .*JSON/],
      ["[]", /not a JSON object/],
      ['{"nbformat":3,"worksheets":[]}', /nbformat is 3 where 4 is expected/],
      ['{"nbformat":4,"cells":[{"source":"x"}]}', /cell 0 has no "cell_type"/],
      ['{"nbformat":4,"cells":[{"cell_type":"code","outputs":[7]}]}', /the outputs of cell 0/],
    ];
    const file = join(serving.root, "broken.ipynb");
    for (const [text, says] of corrupt) {
      await writeFile(file, text);
      const { mtimeMs } = await stat(file);
      const response = await serving.request("GET", "api/contents/broken.ipynb");
      const { code, message } = (await response.json()) as { code: string; message: string };
      assert.deepEqual([response.status, code], [400, "notebook-corrupt"], text);
      assert.match(message, says);
      // What the lab shows is the message.
      await assert.rejects(contents.get("broken.ipynb", { type: "notebook", content: true }), says);
      assert.equal(await readFile(file, "utf8"), text);
      assert.equal((await stat(file)).mtimeMs, mtimeMs);
      // It can be repaired as the text that it is.
      assert.equal((await contents.get("broken.ipynb", { type: "file", format: "text", content: true })).content, text);
    }
    await assert.rejects(contents.save("broken.ipynb", { type: "notebook", format: "json", content: {} as never }));
    assert.equal(await readFile(file, "utf8"), corrupt.at(-1)?.[0], "what is no notebook is not written over it");
  });

  it("of two who save what both have read only the first does, when they say what they read", async () => {
    await contents.save("shared.md", { type: "file", format: "text", content: "read" });
    const read = await serving.request("GET", "api/contents/shared.md");
    const version = read.headers.get("etag") ?? "";
    const save = (content: string) =>
      serving.request(
        "PUT",
        "api/contents/shared.md",
        { type: "file", format: "text", content },
        { "if-match": version },
      );
    assert.equal((await save("first")).status, 200);
    const late = await save("second");
    assert.deepEqual([late.status, ((await late.json()) as { code: string }).code], [412, "document-changed"]);
    assert.equal((await contents.get("shared.md")).content, "first");
  });
});
