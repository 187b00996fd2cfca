import type { StationClient } from "./client.ts";
import { size } from "./say/layout.ts";
import { visible } from "./visible.ts";

/** One line on the terminal that follows running work: the step, its bytes or records, its part of the whole. */
export function followProgress(client: StationClient, stderr: NodeJS.WriteStream): { stop(): void } {
  const stopping = new AbortController();
  void follow(client, stderr, stopping.signal).catch(() => {
    // The work itself says what became of it; without progress it is only quieter.
  });
  return {
    stop: () => {
      stopping.abort();
      stderr.write("\r\u001b[K");
    },
  };
}

async function follow(client: StationClient, stderr: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  for await (const hint of await client.typed.watch.changes({}, { signal })) {
    const step = hint.jobs.at(-1)?.steps.findLast((one) => one.state === "running");
    if (step === undefined || signal.aborted) continue;
    const part = step.totalBytes > 0 ? `${Math.floor((100 * step.doneBytes) / step.totalBytes)} %` : "";
    const records = step.doneRecords > 0 ? `${step.doneRecords.toLocaleString("en")} records` : "";
    const words = [visible(step.name), size(step.doneBytes), part, records, visible(step.note)];
    stderr.write(
      `\r\u001b[K${words
        .filter((word) => word !== "")
        .join("  ")
        .slice(0, stderr.columns - 1)}`,
    );
  }
}
