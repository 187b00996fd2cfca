import type { MessagePortMain } from "electron";
import type { MessagePort } from "node:worker_threads";
import { isFrame } from "../station/attach/frame.ts";

/** Passes frames between a window and the station until either ends. What is no frame ends this connection alone. */
export function relay(window: MessagePortMain, station: MessagePort): void {
  window.on("message", ({ data }: { data: unknown }) => {
    if (isFrame(data)) station.postMessage(data);
    else window.close();
  });
  window.on("close", () => station.close());
  station.on("message", (frame: unknown) => {
    if (isFrame(frame)) window.postMessage(frame);
  });
  station.on("close", () => window.close());
  window.start();
}
