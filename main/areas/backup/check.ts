import { statSync } from "node:fs";
import type { Call } from "../../station/kernel.ts";
import type { SignedManifest } from "./folder.ts";
import { needRoom, readManifest } from "./folder.ts";
import type { BackupWork } from "./make.ts";
import { openBackup, plainBytesOf, proveDatabase } from "./open.ts";

/**
 * Opens a backup whole and proves it, without restoring: what a restore would find on this very medium, today.
 *
 * @param keysOf the age identities that open it
 * @param present names of this station's operators, to say who of the backup's is none any more
 */
export async function checkBackup(
  { kernel, pool, inScratch, rows, runJob }: BackupWork,
  from: string,
  keysOf: (signed: SignedManifest) => Promise<readonly string[]>,
  present: readonly string[],
  call: Call,
) {
  const signed = readManifest(from);
  const { manifest } = signed;
  const identities = await keysOf(signed);
  const plan = {
    kind: "check",
    medium: from,
    operator: call.operator,
    steps: ["check", "decrypt", "validate"],
  } as const;
  const files = await runJob(plan, async (run) => {
    run.begin("check");
    const plainBytes = await plainBytesOf({ signed, identities });
    needRoom(kernel.paths.run, 2 * plainBytes, "Opening it");
    run.finish("check");
    return await inScratch(async (into) => {
      run.begin("decrypt", plainBytes);
      const contents = await openBackup({
        signed,
        identities,
        into,
        pool,
        clock: kernel.clock,
        step: kernel.step,
        safePoint(bytes) {
          run.safePoint();
          run.advance("decrypt", bytes);
        },
      });
      run.finish("decrypt");
      run.begin("validate", statSync(into).size);
      await proveDatabase(pool, into, manifest, contents, kernel.store);
      run.finish("validate", "proved");
      run.describe({ sentence: "It opens, and everything in it is as it was written.", verdict: "proved" });
      return contents.files.length;
    });
  });
  const at = kernel.clock().toISOString();
  call.commit((event) => {
    rows.checked(signed.sha256, at);
    event({
      action: "station.backup-checked",
      object: manifest.id,
      details: { folder: signed.folder, manifest: signed.sha256, station: manifest.station.id },
    });
  });
  kernel.changes.publish("station");
  const names = manifest.keys.operators.map(({ name }) => name);
  const own = manifest.station.id === kernel.identity().id;
  return {
    folder: signed.folder,
    station: manifest.station.id,
    name: manifest.station.name,
    side: manifest.station.side,
    lineage: manifest.station.lineage,
    own,
    madeAt: manifest.createdAt,
    checkedAt: at,
    manifestSha256: signed.sha256,
    events: manifest.audit.events,
    root: manifest.audit.root,
    bytes: manifest.parts.reduce((sum, part) => sum + part.bytes, 0),
    parts: manifest.parts.length,
    files,
    openedBy: names,
    noLonger: own ? names.filter((name) => !present.includes(name)) : [],
  };
}
