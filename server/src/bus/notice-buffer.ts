import type { Notice, Subscription } from "./bus.js";
import { Wakeup } from "./wakeup.js";

const maxNotices = 1000;
const maxBytes = 8 << 20;

/** What has come on a subject and is not read yet; a full one loses its oldest, so that memory is bounded. */
export class NoticeBuffer implements Subscription {
  lost = 0;
  #notices: Notice[] = [];
  #bytes = 0;
  #closed = false;
  readonly #wakeup = new Wakeup();
  readonly #onClose: () => void;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  push(notice: Notice): void {
    if (this.#closed) return;
    this.#notices.push(notice);
    this.#bytes += notice.bytes.byteLength;
    while (this.#notices.length > maxNotices || (this.#bytes > maxBytes && this.#notices.length > 1)) {
      this.#shift();
      this.lost++;
    }
    this.#wakeup.wake();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#wakeup.wake();
    this.#onClose();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Notice, void, undefined> {
    try {
      for (;;) {
        const woken = this.#wakeup.next;
        const notice = this.#shift();
        if (notice !== undefined) yield notice;
        else if (this.#closed) return;
        else await woken;
      }
    } finally {
      this.close();
    }
  }

  #shift(): Notice | undefined {
    const notice = this.#notices.shift();
    this.#bytes -= notice?.bytes.byteLength ?? 0;
    return notice;
  }
}
