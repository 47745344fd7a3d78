import assert from "node:assert/strict";
import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Serving, serve } from "../serving.js";

const notebook = (text: string, html = "<b>bold</b>") =>
  JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [
      {
        cell_type: "code",
        id: "one",
        metadata: {},
        source: text,
        execution_count: 1,
        outputs: [{ output_type: "display_data", metadata: {}, data: { "text/html": html } }],
      },
    ],
  });

describe("answers", () => {
  let serving: Serving;
  before(async () => {
    serving = await serve();
  });
  after(() => serving.server.close());

  const get = async (path: string, tag?: string) => {
    // fetch itself would ask for what no cache has kept.
    const headers = tag === undefined ? {} : { "if-none-match": tag, "cache-control": "max-age=0" };
    const response = await serving.request("GET", `api/contents/${path}`, undefined, headers);
    return { status: response.status, tag: response.headers.get("etag")!, text: await response.text() };
  };
  const counts = async () => {
    const text = await (await serving.request("GET", "metrics")).text();
    const of = (from: string) =>
      Number(new RegExp(`architech_documents_answered\\{from="${from}"\\} (\\d+)`).exec(text)?.[1]);
    return { memory: of("memory"), store: of("store") };
  };

  it("what was sent once is sent again from memory, and not at all to who has it", async () => {
    await writeFile(join(serving.root, "kept.ipynb"), notebook("1"));
    const first = await get("kept.ipynb");
    const before = await counts();
    const second = await get("kept.ipynb");
    const third = await get("kept.ipynb", first.tag);
    const after = await counts();
    assert.deepEqual([second.status, second.text, second.tag], [200, first.text, first.tag]);
    assert.deepEqual([third.status, third.text], [304, ""]);
    assert.deepEqual(after, { memory: before.memory + 2, store: before.store });
  });

  it("a change that another program makes is seen, even one of the same size", async () => {
    const file = join(serving.root, "changed.ipynb");
    await writeFile(file, notebook("1"));
    const first = await get("changed.ipynb");
    await writeFile(file, notebook("2"));
    const second = await get("changed.ipynb", first.tag);
    assert.equal(second.status, 200);
    assert.match(second.text, /"source":"2"/);
  });

  it("the same bytes asked for as a notebook, as text, with their hash or without content are different answers", async () => {
    await writeFile(join(serving.root, "as.ipynb"), notebook("1"));
    const asked = ["as.ipynb", "as.ipynb?type=file&format=text", "as.ipynb?hash=1", "as.ipynb?content=0"];
    const texts = async () => Promise.all(asked.map(async (path) => (await get(path)).text));
    const first = await texts();
    assert.equal(new Set(first).size, 4);
    assert.deepEqual(await texts(), first);
  });

  it("a notebook that is trusted meanwhile is another answer", async () => {
    await writeFile(join(serving.root, "foreign.ipynb"), notebook("1"));
    const first = await get("foreign.ipynb");
    assert.match(first.text, /"trusted":false/);
    assert.equal((await serving.request("POST", "api/contents/foreign.ipynb/trust")).status, 201);
    const second = await get("foreign.ipynb", first.tag);
    assert.equal(second.status, 200);
    assert.match(second.text, /"trusted":true/);
  });

  it("the tag of a trusted notebook is accepted by a save that replaces it, and refused by the next", async () => {
    await writeFile(join(serving.root, "saved.ipynb"), notebook("1"));
    await serving.request("POST", "api/contents/saved.ipynb/trust");
    const { tag } = await get("saved.ipynb");
    const save = (source: string) =>
      serving.request(
        "PUT",
        "api/contents/saved.ipynb",
        { type: "notebook", content: JSON.parse(notebook(source)) },
        { "if-match": tag },
      );
    assert.equal((await save("2")).status, 200);
    assert.equal((await save("3")).status, 412);
    assert.match(await readFile(join(serving.root, "saved.ipynb"), "utf8"), /"2"/);
  });

  it("a listing is another when a file in it changes, though the folder does not", async () => {
    await mkdir(join(serving.root, "folder"));
    const file = join(serving.root, "folder", "a.txt");
    await writeFile(file, "a");
    const first = await get("folder");
    assert.equal((await get("folder", first.tag)).status, 304);
    await writeFile(file, "longer");
    await utimes(join(serving.root, "folder"), 1, 1);
    assert.equal((await get("folder", first.tag)).status, 200);
  });

  it("what is gone is not found, however often it was sent", async () => {
    await writeFile(join(serving.root, "gone.txt"), "a");
    const { tag } = await get("gone.txt");
    await serving.request("DELETE", "api/contents/gone.txt");
    assert.equal((await get("gone.txt", tag)).status, 404);
  });
});
