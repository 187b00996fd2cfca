import { join } from "node:path";
import type { Log } from "./kernel.ts";
import { createLog } from "./log.ts";
import { stationPaths } from "./paths.ts";

/** The station's log of faults. */
export function openLog(directory: string): Log {
  return createLog(join(stationPaths(directory).logs, "station.log"));
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
