import { readFileSync, writeFileSync } from "node:fs";

/** Preloaded into a measured process: writes its peak resident memory in bytes when it ends. */

// VmHWM belongs to this program alone; getrusage also remembers the process that started it.
const peakFile = process.env["SALLYPORT_TEST_PEAK_FILE"];
if (peakFile !== undefined) {
  process.on("exit", () => {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
    writeFileSync(peakFile, String(Number(found?.[1] ?? 0) * 1024));
  });
}
