import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { missing } from "@architech/test-tools";
import { MongoClient } from "mongodb";
import { MongoDocuments } from "#src/contents/mongo/mongo-documents.js";
import { startMongo, type TestMongo } from "../mongo/mongo-server.js";
import { documentsContract } from "./documents-contract.js";

describe("MongoDocuments", () => {
  let mongo: TestMongo;
  const databases: string[] = [];
  const fresh = () => {
    const database = `architech_test_${randomBytes(6).toString("hex")}`;
    databases.push(database);
    return database;
  };

  before(async function () {
    this.timeout(120_000);
    const found = await startMongo();
    if ("missing" in found) missing(this, found.missing);
    else {
      mongo = found;
      console.log(`      against ${mongo.title}`);
    }
  });
  after(async () => {
    if (mongo === undefined) return;
    const client = await MongoClient.connect(mongo.url);
    for (const database of databases) await client.db(database).dropDatabase();
    await client.close();
    await mongo.stop();
  });

  documentsContract(() => MongoDocuments.open(mongo.url, { database: fresh() }));

  it("its indexes have names, and large files are in GridFS", async () => {
    const database = fresh();
    const documents = await MongoDocuments.open(mongo.url, { database });
    await documents.write("large.bin", randomBytes(2 << 20));
    await documents.write("small.txt", Buffer.from("small"));
    const client = await MongoClient.connect(mongo.url);
    const db = client.db(database);
    const indexes = await db.collection("documents").indexes();
    assert.ok(indexes.some(({ name, unique }) => name === "documents_place" && unique));
    assert.equal(await db.collection("blobs.files").countDocuments(), 1);
    await documents.remove("large.bin");
    assert.equal(await db.collection("blobs.files").countDocuments(), 0);
    assert.equal(await db.collection("blobs.chunks").countDocuments(), 0);
    await client.close();
    await documents.close();
  });

  it("two servers on one database see each other's writes and lose none", async () => {
    const database = fresh();
    const [one, two] = await Promise.all([
      MongoDocuments.open(mongo.url, { database }),
      MongoDocuments.open(mongo.url, { database }),
    ]);
    await one.write("counter", Buffer.from("0"));
    const add = async (store: MongoDocuments): Promise<void> => {
      for (;;) {
        const { entry, bytes } = await store.read("counter");
        const value = Number((await buffer(bytes)).toString());
        try {
          await store.write("counter", Buffer.from(String(value + 1)), { version: entry.version });
          return;
        } catch (error) {
          if ((error as { code?: string }).code !== "document-changed") throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: 40 }, (_, i) => add(i % 2 === 0 ? one : two)));
    const { bytes } = await one.read("counter");
    assert.equal((await buffer(bytes)).toString(), "40");
    await one.close();
    await two.close();
  });

  it("a server that is not there is told by its host, without the password of the URL", async () => {
    const opening = MongoDocuments.open("mongodb://me:secret@127.0.0.1:1/shop", { timeoutMs: 200 });
    await assert.rejects(opening, (error: Error) => {
      assert.match(error.message, /127\.0\.0\.1:1/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  });
});
