import type { BrowserContext, Locator, Page } from "playwright-core";
import { Watch } from "./watch.js";

/** The lab as a person sees it. */
export class LabPage {
  readonly page: Page;
  readonly watch: Watch;
  readonly #url: string;
  readonly #token: string;

  private constructor(page: Page, url: string, token: string) {
    this.page = page;
    this.watch = new Watch(page);
    this.#url = url;
    this.#token = token;
  }

  /** Opens a lab, or a document in it, with nothing else open. */
  static async open(
    context: BrowserContext,
    { url, token }: { readonly url: string; readonly token: string },
    document?: string,
  ): Promise<LabPage> {
    const lab = new LabPage(await context.newPage(), url, token);
    await lab.go(document);
    return lab;
  }

  /** Loads the page anew. */
  async go(document?: string): Promise<void> {
    const tree = document === undefined ? "" : `/tree/${document.split("/").map(encodeURIComponent).join("/")}`;
    await this.page.goto(`${this.#url}lab${tree}?reset&token=${this.#token}`);
    // JupyterLab's own splash, or ours: what is there when the lab can be used is behind it.
    await this.page.locator("#jupyterlab-splash, #architech-splash").first().waitFor({ state: "hidden" });
    await this.page.locator("#jp-main-dock-panel").waitFor();
  }

  /** Chooses an entry of the menu bar. */
  async menu(name: string, entry: string): Promise<void> {
    const { page } = this;
    await page.locator(".lm-MenuBar-itemLabel", { hasText: exactly(name) }).click();
    await page.locator(".lm-Menu-itemLabel", { hasText: exactly(entry) }).click();
  }

  /** Waits until the notebook in front has a kernel that does nothing. */
  async untilIdle(): Promise<void> {
    // The sign beside the kernel's name is idle even before there is a kernel; the status bar knows better.
    await this.page
      .locator("#jp-main-statusbar")
      .getByText(/^TypeScript \(Architech\) \| Idle$/)
      .waitFor();
    await this.page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) [data-status="idle"]').first().waitFor();
  }

  async runAll(): Promise<void> {
    await this.menu("Run", "Run All Cells");
  }

  /** Saves the document in front and waits until it is; once more where its outputs have changed while it was saved. */
  async save(): Promise<void> {
    const dirty = this.page.locator(".jp-mod-dirty");
    for (let tries = 0; tries < 4; tries++) {
      await this.menu("File", "Save Notebook");
      const isSaved = await dirty.waitFor({ state: "detached", timeout: 10_000 }).then(
        () => true,
        () => false,
      );
      if (isSaved) return;
    }
    await dirty.waitFor({ state: "detached" });
  }

  /** The cells of the notebook in front. */
  cell(index: number): Locator {
    return this.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell").nth(index);
  }

  /** Writes code into a cell, in place of what stands there. */
  async write(index: number, code: string): Promise<void> {
    await this.cell(index).locator(".cm-content").click();
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.insertText(code);
  }

  /** Runs the cell that the cursor is in, and stays in it. */
  async runCell(): Promise<void> {
    await this.page.keyboard.press("ControlOrMeta+Enter");
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

const exactly = (text: string): RegExp => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
