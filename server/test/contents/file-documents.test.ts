import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { FileDocuments } from "#src/contents/files/file-documents.js";
import { freshFolder } from "../folders.js";
import { documentsContract } from "./documents-contract.js";

describe("FileDocuments", () => {
  documentsContract(async () => new FileDocuments(await freshFolder()));

  const refused = { code: "path-refused" };
  let root: string;
  let documents: FileDocuments;
  beforeEach(async () => {
    root = await freshFolder();
    documents = new FileDocuments(root);
  });

  it("follows a link that stays inside, and none that leads out", async () => {
    const outside = await freshFolder();
    await writeFile(join(outside, "secret.txt"), "secret");
    await mkdir(join(root, "real"));
    await writeFile(join(root, "real", "a.txt"), "a");
    await symlink(join(root, "real"), join(root, "inner"));
    await symlink(outside, join(root, "outer"));
    await symlink(join(outside, "secret.txt"), join(root, "secret.txt"));
    await symlink(join(outside, "made.txt"), join(root, "dangling.txt"));

    assert.equal((await documents.stat("inner/a.txt")).size, 1);
    await assert.rejects(documents.read("secret.txt"), refused);
    await assert.rejects(documents.list("outer"), refused);
    await assert.rejects(documents.read("outer/secret.txt"), refused);
    await assert.rejects(documents.write("outer/new.txt", Buffer.from("x")), refused);
    await assert.rejects(documents.write("secret.txt", Buffer.from("x")), refused);
    await assert.rejects(documents.write("dangling.txt", Buffer.from("x")), refused);
    await assert.rejects(documents.makeFolder("outer/new"), refused);
    await assert.rejects(documents.move("inner/a.txt", "outer/a.txt"), refused);
    await assert.rejects(documents.checkpoints.create("secret.txt"), refused);
    assert.deepEqual(
      (await documents.list("")).map(({ path }) => path),
      ["inner", "real"],
    );
    assert.equal(await readFile(join(outside, "secret.txt"), "utf8"), "secret");
    assert.deepEqual(await readdir(outside), ["secret.txt"]);
  });

  it("removing a link removes the link and not what it leads to", async () => {
    const outside = await freshFolder();
    await writeFile(join(outside, "kept.txt"), "kept");
    await symlink(outside, join(root, "outer"));
    await documents.remove("outer");
    assert.deepEqual(await readdir(root), []);
    assert.deepEqual(await readdir(outside), ["kept.txt"]);
  });

  it("a write through a link inside changes what it leads to", async () => {
    await writeFile(join(root, "real.txt"), "old");
    await symlink("real.txt", join(root, "link.txt"));
    await documents.write("link.txt", Buffer.from("new"));
    assert.equal(await readFile(join(root, "real.txt"), "utf8"), "new");
  });

  it("a write keeps the file's mode", async () => {
    await writeFile(join(root, "run.sh"), "old", { mode: 0o750 });
    await documents.write("run.sh", Buffer.from("new"));
    assert.equal((await stat(join(root, "run.sh"))).mode & 0o777, 0o750);
  });

  it("a read-only file is not replaced", async () => {
    // To the superuser nothing is read-only.
    if (process.getuid?.() === 0) return;
    await writeFile(join(root, "a.txt"), "old");
    await chmod(join(root, "a.txt"), 0o400);
    await assert.rejects(documents.write("a.txt", Buffer.from("new")), refused);
  });

  it("keeps checkpoints where Jupyter does", async () => {
    await documents.write("what if.ipynb", Buffer.from("{}"));
    await documents.checkpoints.create("what if.ipynb");
    assert.deepEqual(await readdir(join(root, ".ipynb_checkpoints")), ["what if-checkpoint.ipynb"]);
  });

  it("a disk that takes no more leaves the old file whole and says storage-full", async () => {
    await writeFile(join(root, "a.txt"), "old");
    // The shell's limit on a file's size stands for the full disk: the write itself fails, in the middle.
    const program = `
      import { FileDocuments } from ${JSON.stringify(import.meta.resolve("#src/contents/files/file-documents.js"))};
      import { toArchitechError } from ${JSON.stringify(import.meta.resolve("#src/http/errors.js"))};
      const documents = new FileDocuments(${JSON.stringify(root)});
      await documents.write("a.txt", Buffer.alloc(4 << 20)).catch((error) => console.log(toArchitechError(error).code));
    `;
    const shell = `ulimit -f 64; exec "$0" --input-type=module -e "$1"`;
    const { stdout } = await promisify(execFile)("bash", ["-c", shell, process.execPath, program]);
    assert.equal(stdout.trim(), "storage-full");
    assert.equal(await readFile(join(root, "a.txt"), "utf8"), "old");
    assert.deepEqual(await readdir(root), ["a.txt"]);
  });

  it("shows hidden files where it is told to, but not its own temporary ones", async () => {
    const open = new FileDocuments(root, { showHidden: true });
    await open.write(".env", Buffer.from("x"));
    await writeFile(join(root, ".~a.txt.0011"), "");
    assert.deepEqual(
      (await open.list("")).map(({ path }) => path),
      [".env"],
    );
  });

  it("a kernel works in the nearest folder there is", async () => {
    await documents.makeFolder("f");
    assert.match((await documents.workingFolder("f/notebook.ipynb")) ?? "", /\/f$/);
    assert.equal(await documents.workingFolder("gone/notebook.ipynb"), await documents.workingFolder(""));
  });
});
