import assert from "node:assert/strict";
import { LocalBus } from "#src/bus/local/local-bus.js";
import { BusSignatures } from "#src/contents/bus-signatures.js";
import { BusUploads } from "#src/contents/bus-uploads.js";
import { emptyNotebook } from "#src/contents/notebook.js";
import { Trust } from "#src/contents/trust.js";
import { BusTexts } from "#src/lab/bus-texts.js";
import { FolderTexts } from "#src/lab/folder-texts.js";
import type { Texts } from "#src/lab/texts.js";
import { freshFolder } from "../folders.js";

describe("what processes of a cluster share on its bus", () => {
  let bus: LocalBus;
  before(async () => {
    bus = await LocalBus.open({ folder: await freshFolder() });
  });
  after(() => bus.close());

  const texts: Record<string, () => Promise<Texts>> = {
    "on the bus": async () => new BusTexts(bus.state("texts")),
    "in a folder": async () => new FolderTexts(await freshFolder(), ".text"),
  };
  for (const [where, make] of Object.entries(texts))
    it(`texts ${where} are kept by name, overwritten, listed and deleted`, async () => {
      const kept = await make();
      assert.deepEqual([await kept.names(), await kept.get("@a/b"), await kept.delete("@a/b")], [[], undefined, false]);
      await kept.set("@a/b", "one");
      const first = await kept.get("@a/b");
      await kept.set("@a/b", "two é");
      const second = await kept.get("@a/b");
      assert.deepEqual([first?.text, second?.text, second?.name], ["one", "two é", "@a/b"]);
      assert.ok(second!.modified >= second!.created);
      await kept.set("c", "");
      assert.deepEqual([await kept.names(), (await kept.get("c"))?.text], [["@a/b", "c"], ""]);
      assert.deepEqual([await kept.delete("c"), await kept.names()], [true, ["@a/b"]]);
    });

  it("a notebook that one service trusts is trusted by the other", async () => {
    const trust = () => new Trust(new BusSignatures(bus.state("trust"), bus.state("secrets")));
    const [one, two] = [trust(), trust()];
    const cell = {
      cell_type: "code",
      source: "",
      execution_count: 1,
      metadata: {} as Record<string, unknown>,
      outputs: [{ output_type: "display_data", data: { "text/html": "<b>" }, metadata: {} }],
    };
    const notebook = { ...emptyNotebook(), cells: [cell] } as never;
    await Promise.all([one.mark(notebook), two.mark(notebook)]);
    assert.equal(cell.metadata["trusted"], false);
    await one.remember(notebook);
    await two.mark(notebook);
    assert.equal(cell.metadata["trusted"], true);
  });

  it("chunks of an upload come to any service, again where an answer was lost, and none is skipped", async () => {
    const uploads = () => new BusUploads(bus.objects("uploads"), bus.state("uploads"));
    const send = (chunk: number, text: string) => uploads().add("a.bin", chunk, Buffer.from(text));
    await assert.rejects(send(2, "b"), /chunk 2 of "a.bin" came without chunk 1/);
    await send(1, "a");
    await send(2, "b");
    await send(2, "b");
    await assert.rejects(send(4, "d"), /chunk 4 of "a.bin" came after chunk 2/);
    await send(3, "c");
    const whole = await send(-1, "end");
    const bytes: Uint8Array[] = [];
    for await (const chunk of whole!) bytes.push(chunk);
    assert.equal(Buffer.concat(bytes).toString(), "abcend");
    await uploads().discard("a.bin");
    await assert.rejects(send(2, "b"), /without chunk 1/);
    assert.equal(await bus.objects("uploads").has("x"), false);
  });
});
