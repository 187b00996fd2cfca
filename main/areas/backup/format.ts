import * as z from "zod";
import { Refusal } from "../../../shared/errors.ts";
import * as field from "../../../shared/contract/fields.ts";

// A backup on a medium: one folder with a signed manifest in clear and encrypted parts.
//
//   sallyport-backup-<station>-<time>-<id>/
//     backup.json            what this is, the key tree as the directory carries it, size and hash of every part
//     README.txt             how to restore it, and how to open it by hand
//     data/contents.zst.age  what the parts hold: files, sizes, hashes, rows of each table
//     data/part-00001.zst.age
//     backup.json.sig        SSHSIG over backup.json by the station's signing key; written last
//
// The plaintexts of the parts, one after the other, are the files one after the other. A part is sealed as a part of a
// batch is: one zstd frame in one age file.

export const backupFormat = "sallyport-backup@v1";
/** A namespace of its own, so that nothing signed for a batch, card or receipt passes for a backup. */
export const backupNamespace = "sallyport-backup@v1";

export const manifestName = "backup.json";
export const signatureName = "backup.json.sig";
export const contentsName = "data/contents.zst.age";

/** The database's place among the files; always the first. */
export const databasePath = "station.db";

/** Plaintext of a part: as the parts of batches, whose memory is measured (configuration.ts). */
export const partBytes = 16 * 1024 * 1024;

/** Caps before anything is parsed. A manifest names a part with 130 bytes: 32 MiB are 4 TiB of station. */
export const capBytes = { manifest: 32 * 1024 * 1024, signature: 4096 };

export function partName(number: number): string {
  return `data/part-${String(number).padStart(5, "0")}.zst.age`;
}

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, "base64");

const part = z.strictObject({
  name: z.string().regex(/^data\/(contents|part-\d{5,7})\.zst\.age$/, "the name of a part"),
  bytes: field.count,
  sha256: field.sha256,
});

/** What opens the backup key, as rows: everything secret in it is wrapped. */
const keyTree = z.strictObject({
  operators: z.array(
    z.strictObject({
      id: field.sequence,
      name: z.string(),
      roles: z.string(),
      keyVersion: field.sequence,
      // Bounded, so that a forged manifest can't make a machine work for days.
      memoryKiB: field.sequence.max(4 * 1024 * 1024),
      passes: field.sequence.max(64),
      salt: base64,
      boxPublic: base64,
      approvalPublic: base64,
      wrapped: base64,
    }),
  ),
  grants: z.array(
    z.strictObject({
      masterVersion: field.sequence,
      holder: z.enum(["operator", "recovery"]),
      holderId: field.sequence.or(z.literal(0)),
      keyVersion: field.sequence.or(z.literal(0)),
      sealed: base64,
    }),
  ),
  backupKeys: z.array(
    z.strictObject({
      version: field.sequence,
      masterVersion: field.sequence,
      wrapped: base64,
      createdAt: field.instant,
    }),
  ),
});

const manifest = z.strictObject({
  format: z.literal(backupFormat),
  id: z.string().regex(/^[0-9a-f]{16}$/),
  station: z.strictObject({
    id: field.stationId,
    name: field.stationName,
    side: field.side,
    people: field.people,
    lineage: z.string().regex(/^[0-9a-f]{16}$/),
    signingKey: z.string(),
  }),
  createdAt: field.instant,
  madeBy: z.string(),
  program: z.string(),
  schema: field.sequence,
  audit: z.strictObject({ events: field.count, root: field.sha256 }),
  recipient: z.string(),
  keys: keyTree,
  /** The contents first, then the parts in order. */
  parts: z.array(part).min(2),
});

const contents = z.strictObject({
  format: z.literal(backupFormat),
  backup: z.string(),
  /** Sizes and hashes of the parts' plaintexts, in order. */
  parts: z.array(z.strictObject({ name: z.string(), bytes: field.count, sha256: field.sha256 })),
  files: z.array(z.strictObject({ path: z.string(), bytes: field.count, sha256: field.sha256 })),
  /** Rows of each table. */
  tables: z.record(z.string(), field.count),
});

export type Manifest = z.infer<typeof manifest>;
export type Contents = z.infer<typeof contents>;
export type KeyTree = Manifest["keys"];
export type PartEntry = Manifest["parts"][number];
export type FileEntry = Contents["files"][number];

/** Folders of a station that a backup carries besides database and configuration. Not run/, logs/, backups/. */
export const carriedFolders = ["audit", "spool", "received", "quarantine", "artifacts"] as const;

/** A name that may be made below a station: of the carried folders, no dots that climb, nothing hidden. */
export function isCarriedPath(path: string): boolean {
  if (path === databasePath || path === "station.json") return true;
  const [root, ...rest] = path.split("/");
  return (
    rest.length > 0 &&
    (carriedFolders as readonly string[]).includes(root ?? "") &&
    rest.every((name) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(name))
  );
}

/** Canonical text: one line. */
export function writeJson(value: Manifest | Contents): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`, "utf8");
}

/** @throws Refusal `refused` */
export function parseManifest(bytes: Buffer): Manifest {
  return parse(manifest, bytes, manifestName);
}

/** @throws Refusal `refused` */
export function parseContents(bytes: Buffer): Contents {
  return parse(contents, bytes, "the contents");
}

function parse<Value>(schema: z.ZodType<Value>, bytes: Buffer, what: string): Value {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw badBackup(`${what} is not JSON`);
  }
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw badBackup(`${what} is not of the format: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`);
}

export function badBackup(what: string, options?: ErrorOptions): Refusal {
  return new Refusal(
    "refused",
    `This backup is not what was written: ${what}.`,
    { safe: "Nothing was changed.", remedy: "Take another copy of it, or another backup." },
    options,
  );
}
