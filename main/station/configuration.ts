import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";
import { Refusal } from "../../shared/errors.ts";

/** Largest values that a person may set. */
export const configurationLimits = { partMiB: 32 } as const;

/** PCI DSS 4.0 10.5.1: three months of the audit trail at hand. No setting goes below. */
export const retentionFloorDays = 90;

/**
 * station.json. Every field has a default, so a missing file is a valid one. What is not known here is a
 * fault: a misspelt setting must not be ignored silently.
 */
const schema = z.strictObject({
  format: z.literal("sallyport-station@v1").default("sallyport-station@v1"),
  transfer: z
    .strictObject({
      /**
       * Plaintext of a part in MiB, by estimate: small receipts came to 1.7 times of it, and 64 is the format's
       * cap, above which a peer refuses the batch. Two threads with parts of 32 MiB took the station to
       * 450 MiB of memory, with 16 MiB to 330; the speed is the same.
       */
      partMiB: z.number().int().min(1).max(configurationLimits.partMiB).default(16),
      /** How long sealed bytes stay after `imported` when the peer makes no backups (batch-format.md). */
      keepSealedDays: z.number().int().min(1).max(3650).default(30),
    })
    .prefault({}),
  /**
   * Free space below which the station warns, stops what takes room in bulk, and becomes read-only, each at most its share
   * of the disk (main/areas/station/disk-space.ts). Below 64 MiB the log itself would be cut off (the reserve has 8).
   */
  disk: z
    .strictObject({
      warnMiB: z.number().int().min(64).max(16_777_216).default(20_480),
      stopMiB: z.number().int().min(64).max(16_777_216).default(8192),
      readOnlyMiB: z.number().int().min(64).max(16_777_216).default(2048),
    })
    .refine(({ warnMiB, stopMiB, readOnlyMiB }) => warnMiB >= stopMiB && stopMiB >= readOnlyMiB, {
      message: "warnMiB, stopMiB and readOnlyMiB go down in this order",
    })
    .prefault({}),
  audit: z
    .strictObject({
      /** A heartbeat so often while the station is open; journald seals every 15 minutes (journald.conf, Seal). */
      heartbeatMinutes: z.number().int().min(1).max(1440).default(15),
      /**
       * Events are kept at least so long after their segment was sealed. PCI DSS 4.0 10.5.1 asks for twelve months.
       */
      retentionDays: z.number().int().min(retentionFloorDays).max(36_500).default(365),
    })
    .prefault({}),
});

export type Configuration = z.infer<typeof schema>;

export const defaultConfiguration: Configuration = schema.parse({});

/** Reads and checks station.json. Throws `not-ready` with every fault, by path. */
export function readConfiguration(path: string): Configuration {
  if (!existsSync(path)) return defaultConfiguration;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new Refusal(
      "not-ready",
      `${path} is not JSON: ${(cause as Error).message}. Nothing was changed. Correct the file, or move it away to use the defaults.`,
      { path },
    );
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join(".") || "(file)"}: ${issue.message}`);
  throw new Refusal(
    "not-ready",
    `${path} has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n${faults.map((fault) => `  ${fault}`).join("\n")}\nNothing was changed. Correct the file and start again.`,
    { path },
  );
}
