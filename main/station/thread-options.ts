import { join } from "node:path";
import type { DiskSpace, Log } from "./kernel.ts";
import { createLog } from "./log.ts";
import { stationPaths } from "./paths.ts";

/** The station's log of faults. */
export function openLog(directory: string): Log {
  return createLog(join(stationPaths(directory).logs, "station.log"));
}

/**
 * What the disk is said to have, `free/total` in bytes, so that browser tests say the same on every machine. Only with both
 * NODE_ENV=test and SALLYPORT_TEST_DISK.
 */
export function testDiskSpace(
  environment: Readonly<Record<string, string | undefined>>,
): (() => DiskSpace) | undefined {
  const [free, total] = (environment["SALLYPORT_TEST_DISK"] ?? "").split("/").map(Number);
  if (environment["NODE_ENV"] !== "test" || free === undefined || total === undefined) return undefined;
  return () => ({ freeBytes: free, totalBytes: total });
}

/**
 * A password hash too cheap for any real station, so that tests which found hundreds of them end in time. Only with both
 * NODE_ENV=test and SALLYPORT_TEST_FAST_KDF=1; undefined otherwise, and the hash is calibrated.
 */
export function testPasswordHash(
  environment: Readonly<Record<string, string | undefined>>,
): { memoryKiB: number; passes: number } | undefined {
  const asked = environment["NODE_ENV"] === "test" && environment["SALLYPORT_TEST_FAST_KDF"] === "1";
  return asked ? { memoryKiB: 64, passes: 1 } : undefined;
}
